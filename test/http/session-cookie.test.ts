/** What a host has set on its session's cookie survives the new id of every pass. */

import type { CookieOptions } from 'express-session'
import { afterEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'

let app: TestApp
afterEach(() => app.close())

test.each<[string, CookieOptions, RegExp]>([
  ['a lifetime of its own', { maxAge: 3_600_000 }, /; Expires=/],
  ['no lifetime', { maxAge: undefined }, /^[^;]+; Path=\/; HttpOnly$/],
  ['SameSite=Strict', { sameSite: 'strict' }, /; SameSite=Strict/],
  ['SameSite=None', { sameSite: 'none' }, /; SameSite=None/],
  ['a path', { path: '/' }, /; Path=\//],
  ['a priority', { priority: 'high' }, /; Priority=High/],
  ['scripts may read it', { httpOnly: false }, /^(?!.*HttpOnly)/],
])('%s', async (_what, set, expected) => {
  app = await startTestApp({
    session: { cookie: { maxAge: 60_000 } },
    routes(server) {
      server.post('/remember', (req, res) => {
        Object.assign(req.session.cookie, set)
        if ('maxAge' in set && set.maxAge === undefined)
          Object.assign(req.session.cookie, { expires: false, maxAge: null })
        req.session.save(() => res.json({}))
      })
    },
  })
  const alice = await app.login('alice')
  await alice.post('/remember')
  const passed = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  expect(passed.status).toBe(200)
  expect(cookieOf(passed.headers)).toMatch(expected)

  app.clock.advance(301)
  await alice.post('/second-factor/challenge')
  const raised = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  expect(raised.status).toBe(200)
  expect(cookieOf(raised.headers)).toMatch(expected)
})

function cookieOf(headers: Headers): string {
  return headers.getSetCookie().find((cookie) => cookie.startsWith('connect.sid=')) ?? 'none'
}
