/** Operators list, remove, reseal and reset a user's factors. */

import { describe, expect, test } from 'vitest'

import { consoleSender, totp } from '../../src/index.js'
import type { TotpPart } from '../../src/factors/totp/rules/part.js'
import { appCode } from '../support/authenticator.js'
import { mount, setUpApp, setUpCodes, startHeldApp, type HeldApp } from '../support/held-app.js'
import { beginApp, giveApp, giveRecovery, heldIds, outcomeIn } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

const alice = { id: 1, username: 'alice' }
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const why = { actor: 'carol', reason: 'lost phone' }

const passes = async (app: HeldApp, of = secret) =>
  outcomeIn(await giveApp(await app.login('alice'), appCode(of, app.clock.now)))

describe('listFactors', () => {
  test('names everything that is held, and no secret', async () => {
    await using app = await startHeldApp()
    const { browser, secret: own } = await setUpApp(app)
    const codes = await setUpCodes(browser)
    const list = await app.secondFactor.listFactors(alice)
    expect(list).toEqual([
      {
        id: expect.any(String) as string,
        kind: 'totp',
        name: 'Authenticator app',
        addedAt: app.clock.now,
        usedAt: null,
        usable: true,
      },
      {
        id: expect.any(String) as string,
        kind: 'recovery',
        name: '',
        addedAt: app.clock.now,
        usedAt: null,
        usable: true,
      },
    ])
    const told = JSON.stringify(list)
    for (const each of [own, ...codes]) expect(told).not.toContain(each)
  })

  test('is empty for a user who holds nothing or is unknown', async () => {
    await using app = await startHeldApp()
    expect(await app.secondFactor.listFactors(alice)).toEqual([])
    expect(await app.secondFactor.listFactors({ id: 77, username: 'nobody' })).toEqual([])
  })
})

describe('removeFactor', () => {
  test('refuses to remove the last one, because the password alone would then open the account', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const { browser } = await setUpApp(app)
    await setUpCodes(browser)
    const [id = ''] = await heldIds(browser)
    expect(await app.secondFactor.removeFactor(alice, id)).toMatchObject({ code: 'last_factor' })
    expect(await isIn(browser)).toBe(true)
    expect(app.remembered.has(1)).toBe(true)
  })

  test('removes one of two and ends every session at once', async () => {
    const inbox = consoleSender({ print: () => undefined })
    await using app = await startHeldApp({ grantCacheSeconds: 60, sender: inbox })
    const { browser } = await setUpApp(app)
    await browser.post(`${mount}/phone`, { phone: '+237671234567' })
    const code = inbox.inbox()[0]?.code
    expect((await browser.post(`${mount}/phone/verify`, { code })).status).toBe(200)
    const [id = ''] = await heldIds(browser)
    expect(await isIn(browser)).toBe(true)
    expect(await app.secondFactor.removeFactor(alice, id)).toMatchObject({
      status: 'changed',
      item: { id, kind: 'totp' },
    })
    expect(await isIn(browser)).toBe(false)
    expect(await app.secondFactor.listFactors(alice)).toMatchObject([{ kind: 'phone' }])
    expect(app.remembered.has(1)).toBe(true)
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'factor_removed', kind: 'totp', by: 'operator' }),
    )
  })

  test('returns a refusal for a factor that is not held, and changes nothing', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const before = await rowOf(app.store, '1')
    expect(await app.secondFactor.removeFactor(alice, 'nothing')).toMatchObject({
      code: 'factor_not_enrolled',
    })
    expect(await rowOf(app.store, '1')).toEqual(before)
    expect(await isIn(browser)).toBe(true)
  })
})

describe('reseal', () => {
  test('reseals under the first secret without a login, once, and leaves all else', async () => {
    const [old, fresh] = [
      'the old secret of at least 32 bytes!',
      'the new secret of at least 32 bytes!',
    ]
    await using app = await startHeldApp({ secret: old })
    const { secret: own } = await setUpApp(app)
    await using rotated = await startHeldApp({ store: app.store, secret: [fresh, old] })
    const before = (await rowOf(app.store, '1')).factors['totp'] as TotpPart
    await rotated.secondFactor.reseal(alice)
    const row = await rowOf(app.store, '1')
    const after = row.factors['totp'] as TotpPart
    expect(after).toEqual({
      ...before,
      sealedBy: expect.not.stringMatching(before.sealedBy) as string,
      sealed: expect.not.stringMatching(before.sealed) as string,
    })
    await rotated.secondFactor.reseal(alice)
    expect((await rowOf(app.store, '1')).factors).toEqual(row.factors)
    await using without = await startHeldApp({ store: app.store, secret: fresh })
    without.clock.advance(60)
    expect(await passes(without, own)).toBe('passed')
  })

  test('creates no row for a user without one', async () => {
    await using app = await startHeldApp()
    await app.secondFactor.reseal(alice)
    expect(await app.store.read('1')).toBeNull()
  })
})

describe('resetFactors', () => {
  test.each([
    ['resetFactors.actor', { reason: 'x' }],
    ['resetFactors.actor', { actor: ' ', reason: 'x' }],
    ['resetFactors.reason', { actor: 'x' }],
    ['resetFactors.reason', { actor: 'x', reason: 7 }],
    ['expiresInSeconds', { ...why, expiresInSeconds: 0 }],
    ['expiresInSeconds', { ...why, expiresInSeconds: 3 * 86_400 + 1 }],
    ['expiresInSeconds', { ...why, expiresInSeconds: 1.5 }],
  ])('needs %s', async (option, options) => {
    await using app = await startHeldApp()
    await setUpApp(app)
    const before = await rowOf(app.store, '1')
    await expect(app.secondFactor.resetFactors(alice, options as never)).rejects.toThrow(
      expect.objectContaining({ name: 'ConfigurationError', option }) as Error,
    )
    expect(await rowOf(app.store, '1')).toEqual(before)
  })

  test('without recoveryCodes() must be open, and says so', async () => {
    await using app = await startHeldApp({ factors: [totp()] })
    const { browser } = await setUpApp(app)
    await expect(app.secondFactor.resetFactors(alice, why)).rejects.toThrow(/open: true/)
    expect(await isIn(browser)).toBe(true)
    expect(await app.secondFactor.resetFactors(alice, { ...why, open: true })).toBeNull()
    expect(await isIn(browser)).toBe(false)
    expect((await beginApp(await app.login('alice'))).secret).not.toBe('')
  })

  test('keeps the ledger: a reset is no way around a lock', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    app.clock.advance(60)
    const jar = await app.login('alice')
    for (let nth = 0; nth < 4; nth += 1) await giveApp(jar, '000000')
    await app.secondFactor.resetFactors(alice, why)
    expect((await rowOf(app.store, '1')).failures).toBe(4)
  })

  test('is valid for as long as it says', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    const ticket = await app.secondFactor.resetFactors(alice, { ...why, expiresInSeconds: 60 })
    expect(ticket?.expiresAt).toEqual(new Date(app.clock.now + 60_000))
    app.clock.advance(60)
    expect(outcomeIn(await giveRecovery(await app.login('alice'), ticket?.code))).toBe(
      'code_expired',
    )
  })

  test('of a user who holds nothing closes enrolment as well', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    await app.secondFactor.resetFactors(alice, why)
    const jar = await app.login('alice')
    expect(await isIn(jar)).toBe(false)
    expect(outcomeIn(await jar.post(`${mount}/factors/totp`, {}))).toBe('second_factor_required')
  })
})
