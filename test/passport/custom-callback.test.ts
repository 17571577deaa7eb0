/** `passport.authenticate` with the application's own callback, and with several strategies. */

import express, { type RequestHandler } from 'express'
import { Strategy as LocalStrategy } from 'passport-local'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { wrongCode } from '../support/codes.js'
import { faultyStore, type FaultyStore } from '../support/faulty-store.js'
import { isIn } from '../support/in-or-out.js'
import { startPassportApp, tell, userNamed, type PassportApp, type Parts } from './support.js'

let app: PassportApp
let store: FaultyStore

/** Answers with what the callback was told; logs the user in where `logsIn` says so. */
function callback({ passport }: Parts, names: string | string[], logsIn: boolean): RequestHandler {
  return (req, res, next) => {
    const told = (error: unknown, user: unknown, info: unknown, status: unknown) => {
      const answer = () => {
        res.json({
          error: error ?? null,
          user: user === false ? false : (user as Express.User).username,
          info: info ?? null,
          status: status ?? null,
        })
      }
      if (!logsIn || user === false) answer()
      else
        req.logIn(user as Express.User, (fault: unknown) => {
          if (fault) next(fault)
          else answer()
        })
    }
    const middleware = passport.authenticate(names, told as never) as RequestHandler
    void middleware(req, res, next)
  }
}

beforeEach(async () => {
  store = faultyStore()
  app = await startPassportApp(
    (parts) => {
      const { server, passport } = parts
      const form = express.urlencoded({ extended: false })
      passport.use(
        new LocalStrategy((username, password, done) => {
          const user = userNamed(app, username)
          done(null, password === 'password' && user ? user : false)
        }),
      )
      server.post('/callback', callback(parts, 'second-factor', false))
      server.post('/callback-login', callback(parts, 'second-factor', true))
      server.post('/callback-both', callback(parts, ['second-factor', 'local'], false))
      server.post(
        '/both',
        form,
        passport.authenticate(['second-factor', 'local']) as RequestHandler,
        tell,
      )
    },
    { secondFactor: { store, storeTimeoutSeconds: 0.05 } },
  )
})
afterEach(() => app.close())

describe('the callback', () => {
  test('receives the user and what was passed, after the session has passed', async () => {
    const alice = await app.login('alice')
    const answer = await alice.post('/callback', { code: app.codeFor('alice') })
    expect(answer.json).toMatchObject({
      ...{ error: null, user: 'alice', status: null },
      info: { status: 'passed', returnTo: '/account', expiresAt: app.clock.iso(43_200) },
    })
    expect(await isIn(alice)).toBe(true)
  })

  test('can log the user in again, as most do, and the session stays passed', async () => {
    const alice = await app.login('alice')
    const answer = await alice.post('/callback-login', { code: app.codeFor('alice') })
    expect(answer.status).toBe(200)
    expect(await isIn(alice)).toBe(true)
  })

  test('receives the reason and the status of a refusal, and nothing secret', async () => {
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    const wrong = await alice.post('/callback', { code: wrongCode(code) })
    expect(wrong.json).toEqual({
      ...{ error: null, user: false, status: 403 },
      info: {
        ...{ title: 'Forbidden', status: 403, code: 'code_incorrect', attemptsLeft: 4 },
        message: 'That code isn’t right. Check it and try again. You have 4 tries left.',
      },
    })
    expect((await app.browser().post('/callback', { code })).json).toMatchObject({
      ...{ user: false, status: 401, info: { code: 'login_required' } },
    })
    expect((await alice.post('/callback', { code: [code] })).json).toMatchObject({
      ...{ user: false, status: 400, info: { code: 'malformed_request' } },
    })
    for (let n = 0; n < 4; n += 1) await alice.post('/callback', { code: wrongCode(code) })
    expect((await alice.post('/callback', { code })).json).toMatchObject({
      ...{ user: false, status: 429 },
      info: { code: 'attempts_exhausted', retryAfterSeconds: 30, retryAt: app.clock.iso(30) },
    })
  })

  test.each(['refuses', 'throws', 'hangs'] as const)(
    'receives the error of a store that %s, and the request ends',
    async (fault) => {
      const alice = await app.login('alice')
      store.faults = { compareAndSwap: fault }
      const answer = await alice.post('/callback', { code: app.codeFor('alice') })
      expect(answer.json).toMatchObject({
        ...{ user: false, status: 503, info: { code: 'store_unavailable' } },
      })
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(answer.text).not.toContain(store.complaint)
      store.faults = {}
      expect(await isIn(alice)).toBe(false)
    },
  )
})

describe('together with the password’s strategy', () => {
  test('a right code passes', async () => {
    const alice = await app.login('alice')
    const answer = await alice.post('/both', { code: app.codeFor('alice') })
    expect(answer.json).toMatchObject({ user: 'alice', secondFactor: { passed: true } })
    expect(await isIn(alice)).toBe(true)
  })

  test('a right password logs in without passing', async () => {
    const alice = app.browser()
    const body = new URLSearchParams({ username: 'alice', password: 'password' }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await alice.ask('/both', { method: 'POST', headers, body })
    expect(answer.json).toMatchObject({ user: 'alice', secondFactor: { passed: false } })
    expect(await isIn(alice)).toBe(false)
  })

  test('a right password over a passed session ends its grant', async () => {
    const alice = await app.login('alice')
    await alice.post('/both', { code: app.codeFor('alice') })
    await alice.submit('/both', { username: 'bob', password: 'password' })
    expect(await isIn(alice)).toBe(false)
  })

  test('the callback receives every failure and its status', async () => {
    const alice = await app.login('alice')
    const answer = await alice.post('/callback-both', { code: wrongCode(app.codeFor('alice')) })
    expect(answer.json).toMatchObject({
      ...{ user: false, status: [403, 400] },
      info: [{ code: 'code_incorrect' }, { message: 'Missing credentials' }],
    })
  })
})
