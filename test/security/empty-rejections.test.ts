/**
 * The attacker waits for something of the application's to fail with nothing in hand: `Promise.reject()`, an empty
 * string, or a word that Express takes for a command. Handed on as it is, that would call the next handler, the one
 * behind the gate. It has to be an error wherever it comes up.
 */

import type { RequestHandler } from 'express'
import passport from 'passport'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  memoryStore,
  type FactorDefinition,
  type ReceiptSource,
  type StateStore,
} from '../../src/index.js'
import { createStrategy } from '../../src/passport/strategy.js'
import { startTestApp, type TestApp, type TestAppOptions, type TestUser } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wordFactor } from '../support/word-factor.js'

let app: TestApp
afterEach(() => app.close())

let reached: string[] = []

/** Whatever comes after a middleware of ours says that it was reached. */
const reach: RequestHandler = (req, res) => {
  reached.push(req.path)
  res.send('reached')
}

async function start(options: TestAppOptions): Promise<Browser> {
  reached = []
  app = await startTestApp({
    ...options,
    routes(server, secondFactor) {
      options.routes?.(server, secondFactor)
      server.use('/guarded', secondFactor.gate({ maxAgeSeconds: 1, keepFields: ['to'] }), reach)
      server.use('/judged', secondFactor.authenticate(), reach)
      server.use('/second-factor', reach)
    },
  })
  return app.login('alice')
}

const empties: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['0', 0],
  ['false', false],
  ['NaN', NaN],
  ['an empty string', ''],
  ['the word for leaving a route', 'route'],
  ['the word for leaving a router', 'router'],
]

/** Every request by which somebody could get further; whatever fails, fails in one of these. */
async function tryAll(browser: Browser): Promise<void> {
  const code = app.codeFor('alice')
  for (const path of ['/guarded', '/judged', '/second-factor/', '/second-factor/phone']) {
    await browser.page(path)
    await browser.submit(path, { code, phone: '+33612345678', to: 'mallory' })
    await browser.post(path, { code, phone: '+33612345678', to: 'mallory' })
  }
}

describe.each(empties)('a rejection with %s', (_what, empty) => {
  const reject = async (): Promise<never> => {
    await Promise.resolve()
    throw empty
  }

  test('by a callback about users opens nothing', async () => {
    for (const name of ['isRequired', 'phone', 'locale', 'channels'] as const) {
      const whole = { id: (user: TestUser) => user.id, phone: () => null, setVerifiedPhone: reject }
      const users = { ...whole, [name]: reject }
      const alice = await start({ secondFactor: { users } })
      await tryAll(alice)
      expect(reached).toEqual([])
      await app.close()
    }
    await start({})
  })

  test('by the store opens nothing', async () => {
    const store: StateStore = { ...memoryStore(), read: reject, compareAndSwap: reject }
    await tryAll(await start({ secondFactor: { store } }))
    expect(reached).toEqual([])
  })

  test('by views, texts and events opens nothing', async () => {
    const views = { challenge: reject, message: reject, phone: reject }
    const alice = await start({ secondFactor: { pages: { views }, events: { emit: reject } } })
    await alice.page('/guarded')
    await alice.submit('/guarded', { to: 'mallory' })
    await alice.page('/second-factor/')
    await alice.page('/second-factor/phone')
    await alice.submit('/second-factor/verify', { code: 'x' })
    await alice.page('/second-factor/')
    await app.browser().submit('/guarded')
    await alice.ask('/second-factor/verify', { method: 'PUT', headers: { accept: 'text/html' } })
    expect(reached).toEqual([])
    expect(app.faults.length).toBeGreaterThan(3)
    expect(app.faults.every((fault) => fault instanceof Error)).toBe(true)
  })

  test('by the answer to a login opens nothing', async () => {
    const fail = vi.fn(() => {
      throw empty
    })
    const alice = await start({
      routes(server, secondFactor) {
        server.use('/begun', secondFactor.begin({ answer: fail }), reach)
      },
    })
    expect((await alice.post('/begun')).status).toBe(500)
    expect(reached).toEqual([])
    expect(fail).toHaveBeenCalled()
  })

  test('by endpoints without a login opens nothing', async () => {
    const users = {
      id: (user: { id: number }) => user.id,
      phone: () => null,
      findByPhone: reject,
      setVerifiedPhone: reject,
    }
    const alice = await start({
      secondFactor: { users },
      sender: { channel: 'sms', send: reject },
      routes(server, secondFactor) {
        server.use('/otp', secondFactor.phoneVerificationRouter(), reach)
      },
    })
    await alice.post('/otp/generate/', { phone_number: '+237671234567' })
    await alice.post('/otp/verify/', { phone_number: '+237671234567', otp: '123456' })
    expect(reached).toEqual([])
  })

  test('by a source of receipts opens nothing', async () => {
    const source: ReceiptSource = { name: 'odd', read: reject }
    await start({
      secondFactor: { receipts: [source] },
      before(server) {
        server.use('/receipts', (req, res, next) => {
          app.secondFactor.receiptsRouter()(req, res, next)
        })
        server.use('/receipts', reach)
      },
    })
    const answer = await app.browser().post('/receipts/odd', {})
    expect(answer.status).toBeGreaterThanOrEqual(500)
    expect(reached).toEqual([])
  })

  test('by the judge of the strategy opens nothing', async () => {
    const passports = new passport.Passport()
    passports.use(createStrategy('failing', reject))
    const alice = await start({
      routes(server) {
        server.use('/strategy', passports.authenticate('failing') as RequestHandler, reach)
      },
    })
    expect((await alice.post('/strategy')).status).toBe(500)
    expect(reached).toEqual([])
  })

  test('by a factor of the application’s own opens nothing', async () => {
    const fail = () => {
      throw empty
    }
    const definition: FactorDefinition<TestUser> = {
      create(tools) {
        const factor = wordFactor<TestUser>().create(tools)
        const broken = { isAvailable: reject, page: reject, start: reject, readEvidence: fail }
        return { ...factor, ...broken, routes: [{ path: '/odd', show: reject, submit: reject }] }
      },
    }
    const alice = await start({ secondFactor: { factors: [definition] } })
    await tryAll(alice)
    await alice.page('/second-factor/odd')
    await alice.post('/second-factor/odd')
    expect(reached).toEqual([])
  })
})
