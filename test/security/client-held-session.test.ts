/**
 * The attacker keeps every cookie they were ever given and puts an old one back. If the application holds the session
 * in the cookie itself, that restores the old session. Such sessions are refused; even one disguised as if it could be
 * regenerated brings nothing back.
 */

import type { RequestHandler } from 'express'
import { afterEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
afterEach(() => app.close())

const finish = (done: () => void) => {
  done()
}

/** Keeps the session in a cookie, as cookie-session does; `disguised` adds what people add to please Passport. */
function cookieSession(disguised: boolean): RequestHandler {
  return (req, res, next) => {
    const [, held = 'e30'] = /held=([\w-]+)/.exec(req.headers.cookie ?? '') ?? []
    const kept = JSON.parse(Buffer.from(held, 'base64url').toString()) as object
    const calls = { regenerate: { value: finish }, save: { value: finish } }
    const session = disguised ? Object.defineProperties(kept, calls) : kept
    Object.assign(req, { session })
    const writeHead = res.writeHead.bind(res) as (...told: unknown[]) => typeof res
    res.writeHead = (...told: unknown[]) => {
      const now = Buffer.from(JSON.stringify((req as { session?: object }).session ?? {}))
      res.setHeader('set-cookie', `held=${now.toString('base64url')}; Path=/`)
      return writeHead(...told)
    }
    next()
  }
}

const start = (disguised: boolean) =>
  startTestApp({ before: (server) => void server.use(cookieSession(disguised)) })

test('a session that cannot be regenerated is refused with an error that names the remedy', async () => {
  app = await start(false)
  const alice = app.browser()
  const login = await alice.post('/login', { username: 'alice', password: 'password' })
  expect(login.status).toBe(500)
  expect((await alice.get('/profile')).json['user']).toBeNull()
  expect((await alice.get('/account')).status).toBeGreaterThanOrEqual(400)
  expect((await alice.post('/second-factor/challenge')).status).toBeGreaterThanOrEqual(400)
  expect(app.inbox.inbox()).toEqual([])
  expect(app.faults[0]).toMatchObject({ code: 'session_unusable' })
  expect(String(app.faults[0])).toContain('express-session')
})

test('an old cookie of a disguised session does not work after logout', async () => {
  app = await start(true)
  const alice = await passedBrowser(app, 'alice')
  expect(await isIn(alice)).toBe(true)
  const old = alice.copy()
  await alice.post('/logout')
  expect(await isIn(old)).toBe(false)
  expect((await rowOf(app.store, '1')).grants).toEqual([])
})

test('an old cookie of a disguised session restores neither spent guesses nor a used code', async () => {
  app = await start(true)
  const alice = await app.login('alice')
  const old = alice.copy()
  const right = app.codeFor('alice')
  for (let n = 0; n < 8; n += 1) await verify(old.copy(), wrongCode(right))
  expect((await rowOf(app.store, '1')).failures).toBe(5)
  expect((await verify(old.copy(), right)).json['code']).toBe('attempts_exhausted')

  app.clock.advance(60)
  await alice.post('/second-factor/challenge')
  const pending = alice.copy()
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  expect((await verify(pending, app.codeFor('alice'))).json['code']).toBe('no_challenge')
  expect(await isIn(pending)).toBe(false)
})

test('the cookie of a disguised session contains neither the code nor the phone', async () => {
  app = await start(true)
  const alice = await app.login('alice')
  const held = Buffer.from(alice.cookies.get('held') ?? '', 'base64url').toString()
  expect(held).toContain('secondFactor')
  expect(held).not.toContain(app.codeFor('alice'))
  expect(held).not.toContain('671234567')
})
