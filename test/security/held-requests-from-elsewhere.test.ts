/**
 * The attacker makes the victim's browser, with its cookies, send requests from another site to the endpoints that add
 * and remove factors and devices; plants a session id; and lets slow requests end after a logout.
 */

import { expect, test } from 'vitest'

import { setUpApp, setUpCodes, startHeldApp, mount } from '../support/held-app.js'
import {
  beginApp,
  confirmApp,
  giveApp,
  giveRecovery,
  heldIds,
  outcomeIn,
} from '../support/held-deeds.js'
import { appCode } from '../support/authenticator.js'
import type { Browser } from '../support/browser.js'
import { isIn } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'
import { faultyStore } from '../support/faulty-store.js'

const foreign = [
  { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  { origin: 'https://evil.example' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'null' },
]

test('requests from another site begin, confirm, remove, rename, make and end nothing', async () => {
  await using app = await startHeldApp({
    enrolment: { when: 'optional' },
    trustedDevices: { acceptAal1: true },
  })
  const { browser: victim, code } = await setUpApp(app)
  await setUpCodes(victim)
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(victim, code(), { trustDevice: true }))).toBe('passed')
  const [id = ''] = await heldIds(victim)
  const { setup, secret } = await beginApp(victim)
  const made = (await victim.post(`${mount}/factors/recovery`, {})).json as { setup: string }
  const confirm = new URLSearchParams({ setup, code: appCode(secret, app.clock.now) })
  const before = await rowOf(app.store, '1')
  const requests: [string, string, string][] = [
    ['POST', '/factors/totp', ''],
    ['POST', '/factors/totp/confirm', confirm.toString()],
    ['POST', '/factors/recovery', ''],
    ['POST', '/factors/recovery/confirm', `setup=${made.setup}`],
    ['POST', '/factors/recovery/file', `setup=${made.setup}`],
    ['POST', `/factors/${id}/remove`, ''],
    ['POST', `/factors/${id}/rename`, 'name=Mine'],
    ['DELETE', `/factors/${id}`, ''],
    ['DELETE', '/devices', ''],
    ['POST', '/devices/remove', ''],
    ['POST', '/devices/x/remove', ''],
    ['DELETE', '/devices/x', ''],
    ['POST', '/verify', 'method=totp&code=123456&trustDevice=on'],
  ]
  for (const headers of foreign) {
    for (const [method, path, body] of requests) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await victim.ask(mount + path, {
        ...{ method, headers: { ...type, ...headers } },
        ...(method === 'POST' ? { body } : {}),
      })
      expect([method, path, answer.status]).toEqual([method, path, 403])
      expect(answer.text).toContain('cross_site_request')
    }
  }
  expect(await rowOf(app.store, '1')).toEqual(before)
  expect(await isIn(victim)).toBe(true)
})

test('other methods change nothing', async () => {
  await using app = await startHeldApp({ trustedDevices: { acceptAal1: true } })
  const { browser } = await setUpApp(app)
  const [id = ''] = await heldIds(browser)
  const before = await rowOf(app.store, '1')
  for (const [method, path] of [
    ['GET', `/factors/${id}/remove`],
    ['GET', '/factors/totp/confirm'],
    ['PUT', '/factors/totp'],
    ['DELETE', '/factors'],
    ['PATCH', `/factors/${id}`],
    ['GET', '/devices/remove'],
    ['POST', '/devices'],
  ] as const) {
    const answer = await browser.ask(mount + path, {
      method,
      headers: { accept: 'application/json' },
    })
    expect([method, path, answer.status]).toEqual([method, path, 405])
    expect(answer.headers.get('allow')).not.toBeNull()
  }
  expect(await rowOf(app.store, '1')).toEqual(before)
})

test('a planted session id is worthless after an app is set up, a code passes or a trusted device logs in', async () => {
  await using app = await startHeldApp(
    { trustedDevices: { acceptAal1: true } },
    { session: { saveUninitialized: true } },
  )
  const passes = async (victim: Browser, pass: (jar: Browser) => Promise<unknown>) => {
    const attacker = victim.copy()
    const before = attacker.cookies.get('connect.sid')
    await pass(victim)
    expect(victim.cookies.get('connect.sid')).not.toBe(before)
    expect(await isIn(victim)).toBe(true)
    expect(await isIn(attacker)).toBe(false)
    expect(await heldIds(victim)).toHaveLength(1)
  }
  let secret = ''
  await passes(await app.login('alice'), async (jar) => {
    const begun = await beginApp(jar)
    secret = begun.secret
    await confirmApp(jar, begun.setup, appCode(secret, app.clock.now))
  })
  app.clock.advance(60)
  const device = await app.login('alice')
  await passes(device, (jar) => giveApp(jar, appCode(secret, app.clock.now), { trustDevice: true }))
  const codes = await setUpCodes(device)
  await passes(await app.login('alice'), (jar) => giveRecovery(jar, codes[0]))
  await device.post('/logout')
  const anonymous = app.browser()
  await anonymous.get('/profile')
  const [name = '', value = ''] =
    [...device.cookies].find(([each]) => each.includes('second-factor-device')) ?? []
  anonymous.cookies.set(name, value)
  await passes(anonymous, (jar) => jar.post('/login', { username: 'alice', password: 'password' }))
})

test('the application’s own session data survives each of these', async () => {
  await using app = await startHeldApp(
    {},
    {
      routes(server) {
        server.post('/basket', (req, res) => {
          Object.assign(req.session, { basket: ['book'] })
          res.json({})
        })
        server.get('/basket', (req, res) => {
          res.json({ basket: Reflect.get(req.session, 'basket') as unknown })
        })
      },
    },
  )
  const { secret } = await setUpApp(app)
  app.clock.advance(60)
  const jar = await app.login('alice')
  await jar.post('/basket')
  await giveApp(jar, appCode(secret, app.clock.now))
  expect((await jar.get('/basket')).json).toEqual({ basket: ['book'] })
  const { setup, secret: other } = await beginApp(jar)
  await confirmApp(jar, setup, appCode(other, app.clock.now))
  expect((await jar.get('/basket')).json).toEqual({ basket: ['book'] })
})

test('a slowly judged code does not bring back a session that was logged out meanwhile', async () => {
  const store = faultyStore()
  const swap = store.compareAndSwap.bind(store)
  let hold: Promise<void> | null = null
  let reached: () => void = () => undefined
  store.compareAndSwap = async (...args) => {
    const held = await swap(...args)
    if (hold !== null) {
      const waiting = hold
      hold = null
      reached()
      await waiting
    }
    return held
  }
  await using app = await startHeldApp({ store })
  const { code } = await setUpApp(app)
  app.clock.advance(60)
  const jar = await app.login('alice')
  const attacker = jar.copy()
  let release: () => void = () => undefined
  const isWritten = new Promise<void>((resolve) => (reached = resolve))
  hold = new Promise<void>((resolve) => (release = resolve))
  const slow = giveApp(attacker, code())
  await isWritten
  await jar.post('/logout')
  release()
  const answer = await slow
  expect([answer.status, outcomeIn(answer)]).toEqual([401, 'login_required'])
  expect(await isIn(attacker)).toBe(false)
  expect(await isIn(jar)).toBe(false)
  // That of the set-up alone.
  expect((await rowOf(app.store, '1')).grants).toHaveLength(1)
})
