/** Importing apps from another system: secrets in the formats those systems use, replacing the app that is held. */

import { describe, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/core/errors.js'
import { appCode } from '../support/authenticator.js'
import { setUpApp, startHeldApp, type HeldApp } from '../support/held-app.js'
import { giveApp, outcomeIn } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

const alice = { id: 1, username: 'alice' }
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

const passes = async (app: HeldApp, of = secret) =>
  outcomeIn(await giveApp(await app.login('alice'), appCode(of, app.clock.now)))

describe('importTotp', () => {
  test.each([
    ['as speakeasy and otplib keep it', secret],
    ['in lower case', secret.toLowerCase()],
    ['in groups', secret.match(/.{4}/g)?.join(' ') ?? ''],
    ['with dashes', secret.match(/.{4}/g)?.join('-') ?? ''],
    ['with padding', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJA======'],
    ['of 128 bits', 'JBSWY3DPEHPK3PXPJBSWY3DPEE'],
  ])('accepts a secret %s, and its app passes', async (_how, given) => {
    await using app = await startHeldApp()
    await app.secondFactor.importTotp(alice, given)
    const plain = given.replace(/[\s=-]/g, '').toUpperCase()
    expect(await passes(app, plain)).toBe('passed')
    expect(app.remembered.has(1)).toBe(true)
    expect(await passes(app, plain)).toBe('code_used')
  })

  test.each(['', ' ', '123456', 'not base32!', 'JBSWY3DP', 'A'.repeat(1_000), null, 1, {}])(
    'refuses %j, changes nothing, and does not echo it',
    async (given) => {
      await using app = await startHeldApp()
      const { secret: present } = await setUpApp(app)
      const before = await rowOf(app.store, '1')
      const error: unknown = await app.secondFactor
        .importTotp(alice, given as string)
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ConfigurationError)
      if (typeof given === 'string' && given.length > 6) {
        expect((error as Error).message).not.toContain(given)
      }
      expect(await rowOf(app.store, '1')).toEqual(before)
      app.clock.advance(60)
      expect(await passes(app, present)).toBe('passed')
    },
  )

  test('replaces the current app, names the new one and ends every session', async () => {
    await using app = await startHeldApp({ grantCacheSeconds: 60 })
    const { browser, code: old } = await setUpApp(app)
    expect(await isIn(browser)).toBe(true)
    await app.secondFactor.importTotp(alice, secret, { name: 'From before' })
    expect(await isIn(browser)).toBe(false)
    app.clock.advance(60)
    expect(outcomeIn(await giveApp(await app.login('alice'), old()))).toBe('code_incorrect')
    expect(await passes(app)).toBe('passed')
    expect(await app.secondFactor.listFactors(alice)).toEqual([
      expect.objectContaining({ kind: 'totp', name: 'From before', usable: true }),
    ])
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'factor_added', kind: 'totp', by: 'operator' }),
    )
  })

  test('names the missing factor if apps are not configured', async () => {
    await using app = await startHeldApp()
    const { createSecondFactor } = await import('../../src/index.js')
    const other = createSecondFactor({
      secret: 'a secret of at least 32 bytes for tests',
      store: app.store,
      sender: (await import('../../src/index.js')).consoleSender({ print: () => undefined }),
      users: { id: ({ id }: { id: number }) => id, phone: () => null },
    })
    await expect(other.importTotp(alice as never, secret)).rejects.toThrow(/totp\(\)/)
  })
})
