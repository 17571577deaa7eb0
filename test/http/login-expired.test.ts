/**
 * A login that has been pending too long, or whose second factor has expired, ends before the second factor is asked
 * for again.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { passedBrowser } from '../support/in-or-out.js'

let app: TestApp

beforeEach(async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      // As many applications have it: whoever is logged in needs no login page.
      server.get('/login', (req, res) => {
        if (req.user) res.redirect(303, '/account')
        else res.send(`notice: ${String(secondFactor.notice(req))}`)
      })
    },
  })
})
afterEach(() => app.close())

test.each([
  ['a login without a code for 11 minutes', () => app.login('alice'), 660],
  ['a pass of 12 hours ago', () => passedBrowser(app, 'alice'), 43_200],
])('%s leads to the login page, without a redirect loop', async (_what, open, seconds) => {
  const alice = await open()
  app.clock.advance(seconds)
  const stopped = await alice.page('/account?tab=2')
  expect([stopped.status, stopped.headers.get('location')]).toEqual([303, '/login'])
  const login = await alice.page('/login')
  expect([login.status, login.text]).toEqual([200, 'notice: login_expired'])
  expect((await alice.get('/profile')).json['user']).toBeNull()

  app.clock.advance(60)
  await alice.post('/login', { username: 'alice', password: 'password' })
  const passed = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  expect([passed.status, passed.json['returnTo']]).toEqual([200, '/account?tab=2'])
  expect((await alice.get('/account')).status).toBe(200)
})

test.each(['/second-factor/verify', '/second-factor/challenge', '/second-factor/cancel'])(
  'a late form of %s also leads to the login page, which says why, and back',
  async (path) => {
    const alice = await app.login('alice')
    await alice.page('/account?tab=2')
    app.clock.advance(660)
    const late = await alice.submit(path, { code: '123456' })
    expect([late.status, late.headers.get('location')]).toEqual([303, '/login'])
    expect((await alice.page('/login')).text).toBe('notice: login_expired')
    await alice.post('/login', { username: 'alice', password: 'password' })
    expect((await alice.page('/login')).status).toBe(303)
    const passed = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
    expect(passed.headers.get('location')).toBe('/account?tab=2')
  },
)

test('a late form of the application leads back to its page', async () => {
  const alice = await passedBrowser(app, 'alice')
  app.clock.advance(43_200)
  const late = await alice.ask('/transfer', {
    method: 'POST',
    headers: {
      ...{ accept: 'text/html', referer: `${app.url}/form?tab=2`, 'sec-fetch-site': 'same-origin' },
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'to=bob',
  })
  expect([late.status, late.headers.get('location')]).toEqual([303, '/login'])
  expect((await alice.page('/login')).text).toBe('notice: login_expired')
  await alice.post('/login', { username: 'alice', password: 'password' })
  const passed = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  expect(passed.headers.get('location')).toBe('/form?tab=2')
})

test('a login from before the second factor was installed ends the same way', async () => {
  const alice = app.browser()
  await alice.post('/password', { username: 'alice', password: 'password' })
  app.clock.advance(660)
  expect((await alice.page('/second-factor/')).headers.get('location')).toBe('/login')
  expect((await alice.page('/login')).text).toBe('notice: login_expired')
})

test('a visitor who was never logged in gets no such notice', async () => {
  const somebody = app.browser()
  await somebody.page('/account')
  expect((await somebody.page('/login')).text).toBe('notice: null')
})

test('a program is refused and stays logged in by its password', async () => {
  const alice = await app.login('alice')
  app.clock.advance(660)
  expect((await alice.get('/account')).json['code']).toBe('login_required')
  expect((await alice.get('/profile')).json['user']).not.toBeNull()
})

test('logging in again in the same browser keeps the pending code', async () => {
  const alice = await app.login('alice')
  const code = app.codeFor('alice')
  const again = await alice.post('/login', { username: 'alice', password: 'password' })
  expect(again.json).toMatchObject({ refusal: { code: 'cooldown' } })
  expect(app.inbox.inbox()).toHaveLength(1)
  expect((await alice.post('/second-factor/verify', { code })).status).toBe(200)
})
