/**
 * The wiring of the strategy: by name and by instance, with and without a body parser, with stores that are slow or
 * fail.
 */

import express, { type RequestHandler } from 'express'
import { afterEach, describe, expect, test } from 'vitest'

import { memoryStore } from '../../src/index.js'
import { inParallel } from '../../src/testing/contract-fixtures.js'
import { wrongCode } from '../support/codes.js'
import { faultyStore } from '../support/faulty-store.js'
import { isIn } from '../support/in-or-out.js'
import { shuffled } from '../support/shuffled-store.js'
import { startPassportApp, tell, type PassportApp } from './support.js'

let app: PassportApp
afterEach(() => app.close())

const crowd = 60
const nameOf = (n: number) => `user${String(n)}`

describe.each(['name', 'instance'] as const)('%s: 60 people at once', (way) => {
  test('each get their own result from a store that responds out of order', async () => {
    app = await startPassportApp(
      ({ server, passport, secondFactor }) => {
        const { strategy } = secondFactor
        const given = way === 'name' ? strategy.name : strategy
        server.post('/otp', passport.authenticate(given as string) as RequestHandler, tell)
        server.post(
          '/redirecting',
          passport.authenticate(given as string, {
            successRedirect: '/welcome',
            failureRedirect: '/again',
          }) as RequestHandler,
        )
      },
      { secondFactor: { store: shuffled(memoryStore()) } },
    )
    for (let n = 0; n < crowd; n += 1) {
      const phone = `+1415555${String(2000 + n)}`
      app.users.push({ id: 100 + n, username: nameOf(n), phone, verified: true })
    }
    const browsers = await inParallel(crowd, (n) => app.login(nameOf(n)))
    const code = (n: number) => {
      const right = app.codeFor(nameOf(n))
      return n % 3 === 1 ? wrongCode(right) : right
    }
    const path = (n: number) => (n % 2 === 0 ? '/otp' : '/redirecting')
    const answers = await Promise.all(
      browsers.map((browser, n) => browser.post(path(n), { code: code(n) })),
    )
    const said = answers.map(({ status, headers, text }, n) =>
      n % 2 === 0 && status === 200
        ? (JSON.parse(text) as { user: string }).user
        : (headers.get('location') ?? status),
    )
    expect(said).toEqual(
      browsers.map((_, n) => {
        const passes = n % 3 !== 1
        if (n % 2 === 1) return passes ? '/welcome' : '/again'
        return passes ? nameOf(n) : 403
      }),
    )
    const accounts = await Promise.all(browsers.map((browser) => browser.get('/account')))
    expect(accounts.map(({ json }) => json['account'])).toEqual(
      browsers.map((_, n) => (n % 3 === 1 ? undefined : nameOf(n))),
    )
  })
})

describe.each([
  ['none', []],
  ['of JSON', [express.json()]],
  ['of forms', [express.urlencoded({ extended: false })]],
  ['of both', [express.json(), express.urlencoded({ extended: true })]],
])('with a body parser %s', (_what, parsers: RequestHandler[]) => {
  test.each(['json', 'form'])('a code sent as %s is read', async (type) => {
    app = await startPassportApp(({ server, passport }) => {
      server.post('/otp', parsers, passport.authenticate('second-factor') as RequestHandler, tell)
    })
    const alice = await app.login('alice')
    const code = app.codeFor('alice')
    const ask = (typed: string) =>
      type === 'json' ? alice.post('/otp', { code: typed }) : alice.submit('/otp', { code: typed })
    expect((await ask(wrongCode(code))).status).toBe(403)
    expect((await ask(code)).status).toBe(200)
    expect(await isIn(alice)).toBe(true)
  })
})

test.each(['refuses', 'throws', 'hangs', 'lies'] as const)(
  'a store that %s leads to a refusal with a retry time, never a hang',
  async (fault) => {
    const store = faultyStore()
    app = await startPassportApp(
      ({ server, passport }) => {
        server.post('/otp', passport.authenticate('second-factor') as RequestHandler, tell)
      },
      { secondFactor: { store, storeTimeoutSeconds: 0.05 } },
    )
    const alice = await app.login('alice')
    store.faults = { compareAndSwap: fault }
    const answer = await alice.post('/otp', { code: app.codeFor('alice') })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    store.faults = {}
    expect((await alice.post('/otp', { code: app.codeFor('alice') })).status).toBe(200)
  },
)

test('a fault outside the store reaches the application’s error handler', async () => {
  app = await startPassportApp(({ server, passport }) => {
    const forget: RequestHandler = (req, _res, next) => {
      delete req.secondFactor
      next()
    }
    server.post('/otp', forget, passport.authenticate('second-factor') as RequestHandler, tell)
  })
  const alice = await app.login('alice')
  const answer = await alice.post('/otp', { code: app.codeFor('alice') })
  expect([answer.status, answer.json['error']]).toEqual([500, 'SessionError'])
  expect(app.passportErrors).toMatchObject([{ code: 'session_unusable' }])
})

test('the strategy has the given name', async () => {
  app = await startPassportApp(
    ({ server, passport }) => {
      server.post('/otp', passport.authenticate('otp') as RequestHandler, tell)
    },
    { secondFactor: { strategyName: 'otp' } },
  )
  expect(app.secondFactor.strategy.name).toBe('otp')
  const alice = await app.login('alice')
  expect((await alice.post('/otp', { code: app.codeFor('alice') })).json['user']).toBe('alice')
})
