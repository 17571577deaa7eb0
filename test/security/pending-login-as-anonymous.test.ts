/**
 * A gate above all routes lets anonymous requests through. The attacker knows a password and wants the gate to see an
 * anonymous request while the application sees a logged-in session: by a pending, expired or revoked login, or one
 * that another middleware made.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { ConfigurationError } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { passedBrowser } from '../support/in-or-out.js'

let app: TestApp
let stranger: boolean
let isReadLater: boolean
beforeEach(async () => {
  stranger = isReadLater = false
  app = await startTestApp({
    secondFactor: { logoutPath: '/leave' },
    routes(server, secondFactor) {
      server.use((req, _res, next) => {
        // A login for one request, as HTTP Basic or a token makes it.
        if (stranger) req.user = app.users[0]
        // As if Passport read the session only below the gate.
        if (isReadLater) req.user = undefined
        next()
      })
      server.use(secondFactor.gate({ anonymous: 'pass' }))
      server.get('/login', (_req, res) => res.send('the login page'))
      server.get('/who', (req, res) => {
        res.json({ user: req.user?.username ?? null, passed: req.secondFactor?.passed })
      })
    },
  })
})
afterEach(() => app.close())

test('an anonymous request passes as anonymous', async () => {
  expect((await app.browser().get('/who')).json).toEqual({ user: null, passed: false })
  expect((await app.browser().page('/login')).text).toBe('the login page')
})

test('a pending login does not pass, not even to public pages', async () => {
  const alice = await app.login('alice')
  expect((await alice.get('/who')).json['code']).toBe('second_factor_required')
  const page = await alice.page('/who')
  expect([page.status, page.headers.get('location')]).toEqual([303, '/second-factor/'])
})

test('a login that asked for no code does not pass', async () => {
  const alice = app.browser()
  await alice.post('/password', { username: 'alice', password: 'password' })
  expect((await alice.get('/who')).status).toBe(403)
})

test('with both factors everything is open, and the request says so', async () => {
  const bob = await passedBrowser(app, 'bob')
  expect((await bob.get('/who')).json).toEqual({ user: 'bob', passed: true })
})

test('a login that waited too long ends at once, and only then counts as anonymous', async () => {
  const alice = await app.login('alice')
  app.clock.advance(600)
  expect((await alice.get('/who')).json['code']).toBe('login_required')
  const page = await alice.page('/login')
  expect([page.status, page.headers.get('location')]).toEqual([303, '/login'])
  expect((await alice.page('/login')).text).toBe('the login page')
  expect((await alice.get('/who')).json['user']).toBeNull()
})

test('a revoked pass does not fall back to anonymous', async () => {
  const bob = await passedBrowser(app, 'bob')
  await app.secondFactor.revoke(app.users[1] as Express.User)
  const answer = await bob.get('/who')
  expect([answer.status, answer.text.includes('bob')]).toEqual([403, false])
})

test('a login for one request, without a session, does not pass', async () => {
  stranger = true
  expect((await app.browser().get('/who')).json['code']).toBe('login_required')
})

test('a login that Passport has not read from the session yet does not pass', async () => {
  isReadLater = true
  expect((await app.browser().get('/who')).status).toBe(200)
  const alice = await app.login('alice')
  expect((await alice.get('/who')).status).toBe(500)
  expect(app.faults).toEqual([expect.any(ConfigurationError)])
  expect(String(app.faults[0])).toContain('mount passport.session() above secondFactor.session()')
})
