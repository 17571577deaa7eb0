/**
 * The attacker waits for application code to fail with an empty reason: `Promise.reject()`, an empty string, or a word
 * that Express treats as a command. Passed to `next` unchanged, that would call the next handler, the one behind the
 * gate. It has to become an error wherever it occurs.
 */

import type { RequestHandler } from 'express'
import passport from 'passport'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  memoryStore,
  totp,
  type FactorDefinition,
  type ReceiptSource,
  type StateStore,
} from '../../src/index.js'
import { createStrategy } from '../../src/passport/strategy.js'
import { startTestApp, type TestApp, type TestAppOptions, type TestUser } from '../support/app.js'
import { appCode } from '../support/authenticator.js'
import type { Browser } from '../support/browser.js'
import type { Person } from '../support/held-app.js'
import { isAsked, logIn, openTrusted } from '../support/trusted-browser.js'
import { wordFactor } from '../support/word-factor.js'

let app: TestApp
afterEach(() => app.close())

let reached: string[] = []

/** A handler behind a middleware of ours, which says that it was reached. */
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
  const phone = '+33612345678'
  for (const path of ['/guarded', '/judged', '/second-factor/', '/second-factor/phone']) {
    await browser.page(path)
    await browser.submit(path, { code, phone, to: 'mallory' })
    await browser.post(path, { code, phone, to: 'mallory' })
  }
  const sent = app.inbox.inbox(phone)[0]?.code ?? ''
  await browser.submit('/second-factor/phone/verify', { code: sent })
  await browser.post('/second-factor/phone/verify', { code: sent })
}

/** Sets an authenticator app up, as far as that goes. */
async function trySetUp(browser: Browser): Promise<void> {
  const path = '/second-factor/factors/totp'
  const { setup, secret } = (await browser.post(path)).json as { setup?: string; secret?: string }
  const code = secret === undefined ? '123456' : appCode(secret, app.clock.now)
  await browser.post(`${path}/confirm`, { setup, code })
}

describe.each(empties)('a rejection with %s', (_what, empty) => {
  const reject = async (): Promise<never> => {
    await Promise.resolve()
    throw empty
  }

  test('from a user callback opens nothing', async () => {
    const names = ['isRequired', 'phone', 'locale', 'channels', 'setVerifiedPhone'] as const
    for (const name of names) {
      const fail = vi.fn(reject)
      const whole = { id: (user: TestUser) => user.id, phone: () => null, setVerifiedPhone: reject }
      const users = { ...whole, [name]: fail }
      const alice = await start({ secondFactor: { users } })
      await tryAll(alice)
      expect(reached).toEqual([])
      expect(fail, name).toHaveBeenCalled()
      await app.close()
    }
    await start({})
  })

  test('from a callback about held factors opens nothing', async () => {
    for (const name of ['label', 'hasFactors', 'setHasFactors'] as const) {
      const fail = vi.fn(reject)
      const users = {
        id: (user: TestUser) => user.id,
        phone: () => null,
        setVerifiedPhone: reject,
        hasFactors: () => false,
        setHasFactors: () => undefined,
        [name]: fail,
      }
      const alice = await start({ secondFactor: { factors: [totp()], users } })
      await trySetUp(alice)
      await tryAll(alice)
      expect(reached).toEqual([])
      expect(fail, name).toHaveBeenCalled()
      await app.close()
    }
    await start({})
  })

  test('from the password version callback opens nothing on a trusted device', async () => {
    await start({})
    const versionOf = vi.fn(() => Promise.resolve(1))
    const users = { id: ({ id }: Person) => id, credentialVersion: versionOf }
    await using scene = await openTrusted(
      { users },
      {
        routes(server, secondFactor) {
          server.use('/guarded', secondFactor.gate(), reach)
        },
      },
    )
    const { device } = scene
    expect(await isAsked(device)).toBe(false)
    await device.post('/logout')
    versionOf.mockReset().mockImplementation(reject)
    await logIn(device)
    await device.page('/guarded')
    await device.submit('/guarded')
    await device.post('/guarded')
    expect(reached).toEqual([])
    expect(versionOf).toHaveBeenCalled()
  })

  test('from the store opens nothing', async () => {
    const store: StateStore = { ...memoryStore(), read: reject, compareAndSwap: reject }
    await tryAll(await start({ secondFactor: { store } }))
    expect(reached).toEqual([])
  })

  test('from views, texts and events opens nothing', async () => {
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

  test('from the login response opens nothing', async () => {
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

  test('from endpoints without a login opens nothing', async () => {
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
    await app.close()

    for (const name of ['findByPhone', 'setVerifiedPhone'] as const) {
      const fail = vi.fn(reject)
      const bob = await start({
        secondFactor: {
          users: {
            ...users,
            findByPhone: () => app.users.find(({ username }) => username === 'bob') ?? null,
            [name]: fail,
          },
        },
        routes(server, secondFactor) {
          server.use('/otp', secondFactor.phoneVerificationRouter(), reach)
        },
      })
      const phone_number = '+33612345678'
      await bob.post('/otp/generate/', { phone_number })
      const otp = app.inbox.inbox(phone_number)[0]?.code
      const answer = await bob.post('/otp/verify/', { phone_number, otp })
      expect(answer.status, name).toBeGreaterThanOrEqual(500)
      expect(reached).toEqual([])
      expect(fail, name).toHaveBeenCalled()
      await app.close()
    }
    await start({})
  })

  test('from a receipt source opens nothing', async () => {
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

  test('from the strategy’s verify callback opens nothing', async () => {
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

  test('from a custom factor opens nothing', async () => {
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
