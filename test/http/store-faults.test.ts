/** A store that fails or hangs: 503 for everybody, nobody passes, and the process goes on. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { memoryStore, type StateStore } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { expectProblem, expectRefusalPage, retrySoon } from '../support/problem.js'

/** The behaviour of the store from now on. */
let mode: 'well' | 'rejects' | 'throws' | 'hangs'
/** Which of its verbs do not answer well. */
let verbs: readonly (keyof StateStore)[]
let app: TestApp
let gated: number

function faulty(): StateStore {
  const store = memoryStore()
  const call = <T>(verb: keyof StateStore, work: () => Promise<T>): Promise<T> => {
    if (mode === 'well' || !verbs.includes(verb)) return work()
    if (mode === 'hangs') return new Promise(() => undefined)
    const fault = new Error('connect ECONNREFUSED database.internal:5432')
    if (mode === 'throws') throw fault
    return Promise.reject(fault)
  }
  return {
    read: (subject) => call('read', () => store.read(subject)),
    compareAndSwap: (...swap) => call('compareAndSwap', () => store.compareAndSwap(...swap)),
    delete: (subject) => call('delete', () => store.delete(subject)),
  }
}

beforeEach(async () => {
  mode = 'well'
  verbs = ['read', 'compareAndSwap', 'delete']
  gated = 0
  app = await startTestApp({
    secondFactor: { store: faulty(), storeTimeoutSeconds: 0.05 },
    routes: (express, secondFactor) => {
      express.all('/gated', secondFactor.gate(), (_req, res) => {
        gated += 1
        res.sendStatus(200)
      })
    },
  })
})
afterEach(() => app.close())

function expectUnavailable(answer: Answer): void {
  expectProblem(answer, 'store_unavailable', retrySoon(app))
  expect(answer.text).not.toMatch(/ECONNREFUSED|internal/)
}

/** Every request that has to read or write the user's row, of somebody with a running challenge. */
const requests: readonly [string, (browser: Browser) => Promise<Answer>][] = [
  ['GET /', (browser) => browser.get('/second-factor/')],
  ['POST /challenge', (browser) => browser.post('/second-factor/challenge')],
  ['DELETE /challenge', (browser) => browser.delete('/second-factor/challenge')],
  [
    'POST /verify',
    (browser) => browser.post('/second-factor/verify', { code: app.codeFor('erin') }),
  ],
  ['POST /phone', (browser) => browser.post('/second-factor/phone', { phone: '+33612345678' })],
  [
    'POST /phone/verify',
    (browser) => browser.post('/second-factor/phone/verify', { code: '123456' }),
  ],
]

describe.each(['rejects', 'throws', 'hangs'] as const)('a store that %s', (how) => {
  test.each(requests)('is reported at %s, after which all works again', async (_name, ask) => {
    const erin = await app.login('erin')
    app.clock.advance(30)
    mode = how
    expectUnavailable(await ask(erin))
    expect(app.faults).toEqual([])
    mode = 'well'
    expect((await erin.post('/second-factor/verify', { code: app.codeFor('erin') })).status).toBe(
      200,
    )
  })

  test('closes the gate, even for sessions that have passed', async () => {
    const alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    mode = how
    expectUnavailable(await alice.get('/gated'))
    expectUnavailable(await alice.post('/gated'))
    const page = await alice.page('/gated')
    expectRefusalPage(page, 'store_unavailable', /isn’t available right now/, retrySoon(app))
    expect([gated, app.faults]).toEqual([0, []])
    mode = 'well'
    expect((await alice.get('/gated')).status).toBe(200)
  })

  test('leaves the password login in place', async () => {
    mode = how
    const alice = app.browser()
    const login = await alice.post('/login', { username: 'alice', password: 'password' })
    const refusal = { code: 'store_unavailable', retryAt: app.clock.iso(5) }
    expect([login.status, login.json]).toEqual([200, { next: '/second-factor/', refusal }])
    mode = 'well'
    expect((await alice.post('/second-factor/challenge')).status).toBe(201)
  })

  test('rejects the headless calls', async () => {
    const { secondFactor, users } = app
    const [alice] = users
    if (!alice) throw new Error('nobody there')
    mode = how
    const fault = { code: 'store_unavailable', name: 'StoreUnavailableError' }
    await expect(secondFactor.start(alice)).rejects.toMatchObject(fault)
    await expect(secondFactor.verify(alice, '123456')).rejects.toMatchObject(fault)
    await expect(secondFactor.status(alice)).rejects.toMatchObject(fault)
    await expect(secondFactor.reset(alice)).rejects.toMatchObject(fault)
    await expect(secondFactor.revoke(alice)).rejects.toMatchObject(fault)
  })
})

describe('a store that reads but does not write', () => {
  beforeEach(() => {
    verbs = ['compareAndSwap']
  })

  test('passes nobody and counts nothing', async () => {
    const alice = await app.login('alice')
    const row = await app.store.read('1')
    mode = 'rejects'
    const code = app.codeFor('alice')
    expectUnavailable(await alice.post('/second-factor/verify', { code }))
    expect((await alice.get('/gated')).status).toBe(403)
    expect(await app.store.read('1')).toEqual(row)
    mode = 'well'
    expect((await alice.post('/second-factor/verify', { code })).status).toBe(200)
  })

  test('sends nothing', async () => {
    const alice = app.browser()
    await alice.post('/password', { username: 'alice', password: 'password' })
    mode = 'hangs'
    expectUnavailable(await alice.post('/second-factor/challenge'))
    expect(app.inbox.inbox()).toEqual([])
  })
})

test('a form gets the refusal as a page', async () => {
  const alice = await app.login('alice')
  mode = 'rejects'
  const answer = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
  expectRefusalPage(answer, 'store_unavailable', /isn’t available right now/, retrySoon(app))
})

describe('failing application callbacks', () => {
  const users = { id: (user: { id: number }) => user.id, phone: () => null }
  const fault = () => Promise.reject(new Error('connect ECONNREFUSED users.internal'))

  test.each([
    ['phone', { ...users, phone: fault }],
    ['isRequired', { ...users, isRequired: fault }],
  ])('users.%s counts as an unavailable store', async (_name, directory) => {
    await app.close()
    app = await startTestApp({ secondFactor: { users: directory } })
    const alice = await app.login('alice')
    expectUnavailable(await alice.get('/second-factor/'))
    expect(app.faults).toEqual([])
  })

  test('users.setVerifiedPhone passes nobody and leaves no grant', async () => {
    await app.close()
    app = await startTestApp({ secondFactor: { users: { ...users, setVerifiedPhone: fault } } })
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+33612345678' })
    const code = app.inbox.inbox('+33612345678')[0]?.code
    expectUnavailable(await carol.post('/second-factor/phone/verify', { code }))
    expect((await carol.get('/account')).status).toBe(403)
    expect((await app.store.read('3'))?.grants).toEqual([])
  })
})
