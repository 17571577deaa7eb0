/** The application's session cookie settings survive the new session id of every pass. */

import type { Request } from 'express'
import session, { type CookieOptions } from 'express-session'
import { afterEach, describe, expect, test } from 'vitest'

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

describe('a session with a new id', () => {
  const writes: string[] = []
  const store = new session.MemoryStore()
  const set = store.set.bind(store)
  store.set = (sid, data, done) => {
    writes.push(JSON.stringify(data))
    set(sid, data, done)
  }

  test('is written once when it passes', async () => {
    app = await startTestApp({ session: { store } })
    const alice = await app.login('alice')
    writes.length = 0
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect(writes.length).toBe(1)
  })

  test.each<[string, (req: Request) => void]>([
    ['sets the lifetime of the cookie', (req) => (req.session.cookie.maxAge = 86_400_000)],
    ['puts something into the session', (req) => Object.assign(req.session, { seen: true })],
  ])('is written again where the host %s afterwards', async (_what, change) => {
    app = await startTestApp({
      session: { store },
      routes(server, secondFactor) {
        server.post('/typed', secondFactor.authenticate(), (req, res) => {
          writes.length = 0
          change(req)
          res.json({})
        })
      },
    })
    const alice = await app.login('alice')
    expect((await alice.post('/typed', { code: app.codeFor('alice') })).status).toBe(200)
    expect(writes.length).toBe(1)
    expect(writes[0]).toMatch(/"originalMaxAge":86400000|"seen":true/)
  })

  test('does not keep a value that the host saves and then deletes', async () => {
    app = await startTestApp({
      session: { store },
      routes(server, secondFactor) {
        server.post('/typed', secondFactor.authenticate(), (req, res) => {
          Object.assign(req.session, { notice: 'shown once' })
          req.session.save(() => {
            Reflect.deleteProperty(req.session, 'notice')
            res.json({})
          })
        })
      },
    })
    const alice = await app.login('alice')
    expect((await alice.post('/typed', { code: app.codeFor('alice') })).status).toBe(200)
    expect(writes.at(-2)).toContain('"notice":"shown once"')
    expect(writes.at(-1)).not.toContain('"notice"')
  })
})

function cookieOf(headers: Headers): string {
  return headers.getSetCookie().find((cookie) => cookie.startsWith('connect.sid=')) ?? 'none'
}
