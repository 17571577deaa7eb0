/**
 * The attacker waits for, or causes, a store fault: it refuses, hangs, loses rows, or never lets a write succeed. A
 * fault may cost a person a retry. It never opens the gate, never judges a code uncounted, and sends nothing.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'
import { faultyStore, type Fault, type FaultyStore } from '../support/faulty-store.js'
import { challengeOf, isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf, withPhoneFields } from '../support/rows.js'

let app: TestApp
let store: FaultyStore
beforeEach(async () => {
  store = faultyStore()
  app = await startTestApp({ secondFactor: { store, storeTimeoutSeconds: 0.05 } })
})
afterEach(() => app.close())

test.each<Fault>(['refuses', 'throws', 'hangs'])(
  'a store that %s to be read: nobody is in, and everybody is again when it works',
  async (fault) => {
    const alice = await passedBrowser(app, 'alice')
    store.faults = { read: fault }
    for (const answer of [await alice.get('/account'), await alice.post('/transfer')]) {
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(answer.text).not.toContain(store.complaint)
    }
    expect((await alice.page('/account')).status).toBe(503)
    expect((await alice.get('/second-factor/')).status).toBe(503)

    store.faults = {}
    expect(await isIn(alice)).toBe(true)
  },
)

test('nobody is in when the store has lost its rows', async () => {
  const alice = await passedBrowser(app, 'alice')
  store.faults = { read: 'lies' }
  expect(await isIn(alice)).toBe(false)
})

test.each<Fault>(['refuses', 'throws', 'hangs'])(
  'a store that %s to be written: no code is judged, right or wrong',
  async (fault) => {
    const alice = await app.login('alice')
    const right = app.codeFor('alice')
    store.faults = { compareAndSwap: fault }
    const answers = [await verify(alice, right), await verify(alice, wrongCode(right))]
    expect(answers.map(({ status }) => status)).toEqual([503, 503])
    expect(answers[0]?.text).toBe(answers[1]?.text)

    store.faults = {}
    expect(challengeOf(await rowOf(app.store, '1')).attempts).toBe(0)
    expect(await isIn(alice)).toBe(false)
    expect((await verify(alice, right)).status).toBe(200)
  },
)

test('no code is judged and the request ends when every write loses its race', async () => {
  const alice = await app.login('alice')
  store.faults = { compareAndSwap: 'lies' }
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(503)
  expect(await isIn(alice)).toBe(false)
})

test.each<Fault>(['refuses', 'hangs'])(
  'a store that %s to be written: no message goes out, and the login waits for its second factor',
  async (fault) => {
    store.faults = { compareAndSwap: fault }
    const alice = app.browser()
    const login = await alice.post('/login', { username: 'alice', password: 'password' })
    expect([login.status, login.json['refusal']]).toMatchObject([
      200,
      { code: 'store_unavailable' },
    ])
    expect((await alice.post('/second-factor/challenge')).status).toBe(503)
    expect(app.inbox.inbox()).toEqual([])
    expect(await isIn(alice)).toBe(false)
  },
)

test('the session ends and the fault is reported when the store fails at logout', async () => {
  const alice = await passedBrowser(app, 'alice')
  const copy = alice.copy()
  store.faults = { compareAndSwap: 'refuses' }
  expect((await alice.post('/logout')).status).toBeGreaterThanOrEqual(500)
  store.faults = {}
  expect([await isIn(alice), await isIn(copy)]).toEqual([false, false])
})

test('a store fault at another user’s login does not carry the first user’s second factor over', async () => {
  const browser = await passedBrowser(app, 'alice')
  store.faults = { compareAndSwap: 'refuses' }
  await browser.post('/login', { username: 'bob', password: 'password' })
  store.faults = {}
  expect(await isIn(browser)).toBe(false)
})

test('guesses stay limited when the stored rows are damaged', async () => {
  const alice = await app.login('alice')
  const right = app.codeFor('alice')
  const row = await rowOf(app.store, '1')
  const challenge = challengeOf(row)
  let at = row.version
  for (const count of [NaN, -1, 2 ** 31, null, '0', undefined]) {
    const attempts = count as number
    const damaged = withPhoneFields(row, { challenge: { ...challenge, attempts } })
    expect(await app.store.compareAndSwap('1', at, { ...damaged, version: at + 1 })).toBe(true)
    at += 1
    const answer = await verify(alice, right)
    expect([count, answer.status === 200]).toEqual([count, false])
  }
  for (const count of [NaN, -1, null, '0', undefined]) {
    const failures = count as number
    const damaged = { ...row, version: at + 1, failures }
    expect(await app.store.compareAndSwap('1', at, damaged)).toBe(true)
    at += 1
    expect((await verify(alice, right)).json['code']).toBe('locked_out')
  }
  expect(await isIn(alice)).toBe(false)
})
