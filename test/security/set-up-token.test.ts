/**
 * The attacker has a setup token (the victim's, their own, or an older one) and alters it, keeps it, or has the victim
 * confirm it. A token works only in the session that began the setup, for ten minutes, while nothing has changed.
 */

import { describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import type { Browser } from '../support/browser.js'
import { mount, setUpApp, setUpCodes, startHeldApp, type HeldApp } from '../support/held-app.js'
import { beginApp, confirmApp, giveApp, outcomeIn } from '../support/held-deeds.js'
import { isIn } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

async function expectExpired(
  app: HeldApp,
  jar: Browser,
  { setup, secret }: { setup: string; secret: string },
  subject = '1',
) {
  const before = await app.store.read(subject)
  const answer = await confirmApp(jar, setup, appCode(secret, app.clock.now))
  expect([answer.status, outcomeIn(answer)]).toEqual([409, 'setup_expired'])
  expect(await app.store.read(subject)).toEqual(before)
}

test('a token from another session of the same user is worthless', async () => {
  await using app = await startHeldApp()
  const begun = await beginApp(await app.login('alice'))
  await expectExpired(app, await app.login('alice'), begun)
})

test('a token from another user is worthless: nobody ends up with the attacker’s app', async () => {
  await using app = await startHeldApp()
  const begun = await beginApp(await app.login('bob'))
  await expectExpired(app, await app.login('alice'), begun)
})

test('a token for another kind of factor is worthless', async () => {
  await using app = await startHeldApp()
  const { browser } = await setUpApp(app)
  const { setup } = await beginApp(browser)
  for (const path of ['/factors/recovery/confirm', '/factors/recovery/file']) {
    const answer = await browser.post(mount + path, { setup })
    expect([answer.status, outcomeIn(answer)]).toEqual([409, 'setup_expired'])
  }
  const codes = (await browser.post(`${mount}/factors/recovery`, {})).json as { setup: string }
  await expectExpired(app, browser, { setup: codes.setup, secret: 'A'.repeat(32) })
})

test('a token is good after 599 seconds but not after 600', async () => {
  await using app = await startHeldApp()
  const [early, late] = [await app.login('alice'), await app.login('bob')]
  const [forEarly, forLate] = [await beginApp(early), await beginApp(late)]
  app.clock.advance(600)
  await expectExpired(app, late, forLate, '2')
  app.clock.advance(-1)
  const { setup, secret } = forEarly
  expect(outcomeIn(await confirmApp(early, setup, appCode(secret, app.clock.now)))).toBe('enrolled')
})

test('a token made by a clock far ahead is worthless', async () => {
  await using app = await startHeldApp()
  app.clock.advance(120)
  const jar = await app.login('alice')
  const begun = await beginApp(jar)
  app.clock.advance(-60)
  await expectExpired(app, jar, begun)
})

test('a token with any bit changed is worthless', async () => {
  await using app = await startHeldApp()
  const jar = await app.login('alice')
  const { setup, secret } = await beginApp(jar)
  const flip = (at: number) =>
    setup.slice(0, at) + (setup[at] === 'A' ? 'B' : 'A') + setup.slice(at + 1)
  const dot = setup.indexOf('.')
  for (const at of [0, dot - 1, dot + 1, dot + 10, dot + 40, setup.length - 20]) {
    await expectExpired(app, jar, { setup: flip(at), secret })
  }
  for (const other of [
    ...['', '.', 'x', `${setup}.x`, `${setup}A`, setup.slice(0, -4), setup.toUpperCase()],
    ...[
      setup.replace('.', ''),
      'a'.repeat(4_000),
      `${setup.slice(dot + 1)}.${setup.slice(0, dot)}`,
    ],
  ]) {
    const answer = await confirmApp(jar, other, appCode(secret, app.clock.now))
    expect([other.slice(0, 20), answer.status]).toEqual([other.slice(0, 20), 409])
  }
  expect(outcomeIn(await confirmApp(jar, setup, appCode(secret, app.clock.now)))).toBe('enrolled')
})

test.each([null, 1, [], {}, ['x'], true])(
  'a token that is not a string, such as %j, is malformed rather than a fault',
  async (setup) => {
    await using app = await startHeldApp()
    const jar = await app.login('alice')
    for (const path of ['totp/confirm', 'recovery/confirm', 'recovery/file']) {
      const answer = await jar.post(`${mount}/factors/${path}`, { setup, code: '123456' })
      expect([path, answer.status]).toEqual([path, 400])
    }
    expect(app.faults).toEqual([])
  },
)

describe('a token from before the factors changed', () => {
  test('is worthless', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const older = await beginApp(browser)
    const newer = await beginApp(browser)
    const { setup, secret } = newer
    expect(outcomeIn(await confirmApp(browser, setup, appCode(secret, app.clock.now)))).toBe(
      'enrolled',
    )
    await expectExpired(app, browser, older)
    // Nor does the one that was confirmed make its first code good again.
    await expectExpired(app, browser, newer)
  })

  test('a token is worthless after logging in again', async () => {
    await using app = await startHeldApp()
    const jar = await app.login('alice')
    const begun = await beginApp(jar)
    await jar.post('/logout')
    const again = await app.login('alice')
    await expectExpired(app, again, begun)
  })
})

test('an abandoned setup changes nothing: the next login is asked for nothing, or for the old app', async () => {
  await using app = await startHeldApp({ enrolment: { when: 'optional' } })
  await beginApp(await app.login('alice'))
  expect(await app.store.read('1')).toBeNull()
  const next = await app.login('alice')
  expect(await isIn(next)).toBe(true)

  const { browser, code } = await setUpApp(app)
  const before = await rowOf(app.store, '1')
  await beginApp(browser)
  await browser.post(`${mount}/factors/recovery`, {})
  expect(await rowOf(app.store, '1')).toEqual(before)
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('passed')
})

test('a token carries its secret sealed', async () => {
  await using app = await startHeldApp()
  const { browser } = await setUpApp(app)
  const { setup, secret } = await beginApp(browser)
  const begun = await browser.post(`${mount}/factors/recovery`, {})
  const { setup: ofCodes, codes } = begun.json as { setup: string; codes: string[] }
  const opened = [setup, ofCodes].map((text) => text + Buffer.from(text, 'base64url').toString())
  for (const each of [secret, ...codes, ...codes.map((code) => code.replaceAll('-', ''))]) {
    expect(opened.join()).not.toContain(each)
  }
  await setUpCodes(browser)
})
