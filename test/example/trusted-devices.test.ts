/** "Don't ask me again on this device": what the password alone opens there, and what ends it. */

import { beforeAll, describe, expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import { expectOwnProblem } from '../support/example-problem.js'
import {
  logOf,
  newDatabase,
  passwords,
  phones,
  startExample,
  type Example,
} from '../support/example.js'
import { textOf } from '../support/html.js'
import { deviceCookie } from '../support/trusted-browser.js'

const mount = '/second-factor'

describe('a trusted device', () => {
  let example: Example
  beforeAll(async () => {
    example = await startExample({ DATABASE_URL: newDatabase(), OTP_SENDS_PER_DAY: '100' })
  })

  type Name = keyof typeof phones
  async function trust(username: Name): Promise<Browser> {
    await example.advance(3600)
    const browser = await example.login(username)
    const code = await example.codeFor(phones[username])
    const passed = await browser.post(`${mount}/verify`, { code, trustDevice: true })
    expect(passed.status).toBe(200)
    return browser
  }

  /** The address that the password alone leads to in this browser. */
  async function nextIn(browser: Browser, username: Name, password: string = passwords[username]) {
    await browser.post('/logout')
    const answer = await browser.post('/login', { username, password })
    expect(answer.status).toBe(200)
    return answer.json['next']
  }

  test('shows the account to anyone who knows the password, but moves no money', async () => {
    const device = await trust('alice')
    expect(await nextIn(device, 'alice')).toBe('/account')
    const account = textOf((await device.page('/account')).text)
    expect(account).toContain('Your password was enough, since you trust this device')
    for (const amount of ['1', '500']) {
      const refused = await device.post('/transfer', { to: 'mallory', amount })
      expect(refused.status).toBe(403)
    }
    expectOwnProblem(await device.post('/password', {}), 403, 'second_factor_stale')
    expect(await nextIn(example.browser(), 'alice')).toBe(`${mount}/`)
  })

  test('asks an attacker and the owner again once the password has changed', async () => {
    const device = await trust('bob')
    const other = await trust('bob')
    const password = 'builders-and-more-9'
    const changed = await other.post('/password', { current: passwords.bob, password })
    expect(changed.status).toBe(200)
    for (const browser of [device, other]) {
      expect(await nextIn(browser, 'bob', password)).toBe(`${mount}/`)
    }
  })

  test('is ended when an attacker uses an already used cookie, and the log says so', async () => {
    const device = await trust('dave')
    const thief = example.browser()
    thief.cookies.set(deviceCookie, device.cookies.get(deviceCookie) ?? '')
    expect(await nextIn(device, 'dave')).toBe('/account')
    await example.advance(61)
    expect(await nextIn(thief, 'dave')).toBe(`${mount}/`)
    expect(await nextIn(device, 'dave')).toBe(`${mount}/`)
    expect(logOf(example)).toContainEqual(
      expect.objectContaining({
        level: 'error',
        route: 'POST /login',
        type: 'device_token_reused',
      }),
    )
  })
})
