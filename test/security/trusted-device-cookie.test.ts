/**
 * The attacker knows the victim's password and forges trusted-device cookies, or has one set without consent: by form
 * values that only look like a yes, and beside codes that are wrong, used, or not the person's own.
 */

import { describe, expect, test } from 'vitest'

import { totp } from '../../src/index.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'
import { giveApp, giveRecovery, outcomeIn } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { wrongCode } from '../support/codes.js'
import { rowOf } from '../support/rows.js'
import {
  deviceCookie,
  deviceCookieOf,
  logIn,
  tokensIn,
  trusting,
  openTrusted,
} from '../support/trusted-browser.js'

const day = 86_400

describe('a request to trust the device that is unclear, or comes without a right code', () => {
  test.each([false, 'false', '0', 0, 1, 'yes', 'true', [], [true], {}, null])(
    'such as %j does not trust it',
    async (trustDevice) => {
      await using app = await startHeldApp(trusting)
      const { code } = await setUpApp(app)
      app.clock.advance(60)
      const jar = await app.login('alice')
      const passed = await giveApp(jar, code(), { trustDevice })
      expect([outcomeIn(passed), deviceCookieOf(passed)]).toEqual(['passed', undefined])
      expect((await rowOf(app.store, '1')).factors['devices']).toBeUndefined()
    },
  )

  test('does not trust it with a wrong, used or recovery code', async () => {
    await using app = await startHeldApp(trusting)
    const { browser, code } = await setUpApp(app)
    const codes = await setUpCodes(browser)
    const wish = { trustDevice: true }
    const jar = await app.login('alice')
    const answers = [
      await giveApp(jar, code(), wish),
      await giveApp(jar, wrongCode(code(), 5_000), wish),
      await giveRecovery(jar, codes[0], wish),
    ]
    expect(answers.map(outcomeIn)).toEqual(['code_used', 'code_incorrect', 'passed'])
    expect(answers.map(deviceCookieOf)).toEqual([undefined, undefined, undefined])
    expect((await rowOf(app.store, '1')).factors['devices']).toBeUndefined()
  })

  test('does not trust it if trusted devices are off', async () => {
    await using app = await startHeldApp({ factors: [totp()] })
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const passed = await giveApp(await app.login('alice'), code(), { trustDevice: true })
    expect([outcomeIn(passed), passed.headers.getSetCookie().length]).toEqual(['passed', 1])
  })
})

test('the cookie is for this host alone, over HTTPS, and no script reads it', async () => {
  await using app = await startHeldApp(trusting)
  const { code } = await setUpApp(app)
  app.clock.advance(60)
  const passed = await giveApp(await app.login('alice'), code(), { trustDevice: true })
  const [pair, ...attributes] = (deviceCookieOf(passed) ?? '').split('; ')
  expect(pair).toMatch(/^__Host-second-factor-device=[\w-]{22}\.[\w-]{43}$/)
  expect(attributes.filter((each) => !each.startsWith('Expires')).sort()).toEqual(
    ['HttpOnly', `Max-Age=${30 * day}`, 'Path=/', 'SameSite=Lax', 'Secure'].sort(),
  )
})

test.each([
  ['a hundred entries', (token: string) => Array.from({ length: 100 }, () => token).join('~')],
  ['twelve kilobytes', () => 'x'.repeat(12_000)],
  ['escapes that are none', () => '%00%zz%'],
  ['names of objects', () => '__proto__.constructor'],
  [
    'a changed secret',
    (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
  ],
  ['the id alone', (token: string) => token.split('.')[0] ?? ''],
  ['nothing', () => ''],
])('a cookie of %s is no trust, and no fault', async (_what, make) => {
  await using scene = await openTrusted()
  const { app, device } = scene
  const thief = app.browser()
  thief.cookies.set(deviceCookie, make(tokensIn(device)))
  const answer = await logIn(thief)
  expect(answer.status).toBeLessThan(500)
  expect(await isIn(thief)).toBe(false)
  expect(app.faults).toEqual([])
})

test('two cookies of the same name cause no fault, in either order', async () => {
  await using scene = await openTrusted()
  const { app, device } = scene
  const cookie = `${deviceCookie}=junk; ${deviceCookie}=${tokensIn(device)}`
  const answer = await app.browser().ask('/login', {
    method: 'POST',
    headers: { cookie, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'alice', password: 'password' }),
  })
  expect([answer.status, answer.json['next']]).toEqual([200, `${mount}/`])
})
