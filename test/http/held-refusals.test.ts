/** The refusals about held factors, field by field, and who gets which. */

import { describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import { wrongCode } from '../support/codes.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'
import { beginApp, confirmApp, expectBody, giveApp, giveRecovery } from '../support/held-deeds.js'

const anyText = expect.any(String) as string

/** A problem of this code. */
function problem(status: number, title: string, code: string, facts: object = {}) {
  return { type: 'about:blank', title, status, detail: anyText, code, ...facts }
}

describe('a refusal', () => {
  const [forbidden, conflict] = ['Forbidden', 'Conflict']

  test('always has the same shape', async () => {
    await using app = await startHeldApp()
    const { browser, code, secret } = await setUpApp(app)
    const codes = await setUpCodes(browser)
    app.clock.advance(60)
    const jar = await app.login('alice')
    expectBody(
      await giveApp(jar, wrongCode(code(), 5_000)),
      403,
      problem(403, forbidden, 'code_incorrect', { attemptsLeft: 9 }),
    )
    await giveApp(await app.login('alice'), code())
    expectBody(await giveApp(jar, code()), 403, problem(403, forbidden, 'code_used'))
    await giveRecovery(await app.login('alice'), codes[0])
    expectBody(await giveRecovery(jar, codes[0]), 403, problem(403, forbidden, 'code_used'))
    expectBody(
      await jar.post(`${mount}/factors/totp`, {}),
      403,
      problem(403, forbidden, 'second_factor_required', { challengeUrl: `${mount}/` }),
    )
    expectBody(
      await giveApp(await app.login('bob'), code()),
      409,
      problem(409, conflict, 'factor_not_enrolled'),
    )
    expectBody(
      await confirmApp(browser, 'x.y', appCode(secret, app.clock.now)),
      409,
      problem(409, conflict, 'setup_expired'),
    )
    const { factors } = (await browser.get(`${mount}/factors`)).json as {
      factors: [{ id: string }]
    }
    expectBody(
      await browser.delete(`${mount}/factors/${factors[0].id}`),
      409,
      problem(409, conflict, 'last_factor'),
    )
    app.clock.advance(301)
    expectBody(
      await browser.delete(`${mount}/factors/${factors[0].id}`),
      403,
      problem(403, forbidden, 'second_factor_stale', { challengeUrl: `${mount}/` }),
    )
    await app.store.delete('1')
    expectBody(
      await (await app.login('alice')).get(`${mount}/`),
      503,
      problem(503, 'Service Unavailable', 'factors_lost'),
    )
  })

  test('of a wrong setup code is not counted, and the setup stays valid', async () => {
    await using app = await startHeldApp()
    const jar = await app.login('alice')
    const { setup, secret } = await beginApp(jar)
    for (let nth = 0; nth < 15; nth += 1) {
      expectBody(
        await confirmApp(jar, setup, wrongCode(appCode(secret, app.clock.now), 5_000)),
        403,
        problem(403, forbidden, 'code_incorrect'),
      )
    }
    const confirmed = await confirmApp(jar, setup, appCode(secret, app.clock.now))
    expect(confirmed.status).toBe(200)
  })

  test('without a login says so, on every endpoint', async () => {
    await using app = await startHeldApp({ trustedDevices: { acceptAal1: true } })
    const jar = app.browser()
    for (const [method, path] of [
      ['GET', '/factors'],
      ['POST', '/factors/totp'],
      ['POST', '/factors/totp/confirm'],
      ['POST', '/factors/recovery'],
      ['POST', '/factors/recovery/file'],
      ['POST', '/factors/x/remove'],
      ['POST', '/factors/x/rename'],
      ['DELETE', '/factors/x'],
      ['DELETE', '/devices'],
      ['DELETE', '/devices/x'],
    ] as const) {
      const answer = await jar.ask(mount + path, {
        method,
        headers: { accept: 'application/json' },
      })
      expect([path, answer.status, answer.json['code']]).toEqual([path, 401, 'login_required'])
    }
  })
})
