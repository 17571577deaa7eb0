/**
 * The attacker waits for a session store that fails just as a right code arrives, after the code is used and before
 * the session that should hold the grant is written. Nobody may be in whose session was not written, and no code
 * passes twice.
 */

import session from 'express-session'
import { afterEach, expect, test } from 'vitest'

import { memoryStore } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
afterEach(() => app.close())

/** Sessions in memory, of which the next writes or removals can be made to fail. */
function failingSessions() {
  const store = new session.MemoryStore()
  const left = { set: 0, destroy: 0 }
  for (const verb of ['set', 'destroy'] as const) {
    const work = store[verb].bind(store) as (...told: unknown[]) => void
    store[verb] = (...told: unknown[]) => {
      if (left[verb] === 0) {
        work(...told)
        return
      }
      left[verb] -= 1
      const done = told.at(-1) as (error: unknown) => void
      done(new Error('no space left'))
    }
  }
  return { store, left }
}

test.each(['set', 'destroy'] as const)(
  'nobody is in and the code is used when the session store’s %s fails at the right code',
  async (verb) => {
    const sessions = failingSessions()
    app = await startTestApp({ sessionStore: sessions.store })
    const alice = await app.login('alice')
    const before = alice.copy()
    const right = app.codeFor('alice')
    sessions.left[verb] = 1
    expect((await verify(alice, right)).status).toBe(503)

    expect([await isIn(alice), await isIn(before)]).toEqual([false, false])
    expect((await rowOf(app.store, '1')).grants).toEqual([])
    for (const browser of [alice, before]) {
      expect((await verify(browser, right)).status).not.toBe(200)
      expect(await isIn(browser)).toBe(false)
    }
  },
)

test('nobody is in when the session store and the grant store fail together', async () => {
  const sessions = failingSessions()
  const store = memoryStore()
  app = await startTestApp({ sessionStore: sessions.store, secondFactor: { store } })
  const alice = await app.login('alice')
  const right = app.codeFor('alice')
  const swap = store.compareAndSwap.bind(store)
  let swaps = 0
  store.compareAndSwap = (...told) => {
    swaps += 1
    return swaps === 1 ? swap(...told) : Promise.reject(new Error('the disk is on fire'))
  }
  sessions.left.set = 1
  expect((await verify(alice, right)).status).toBe(503)
  store.compareAndSwap = swap

  expect((await rowOf(app.store, '1')).grants).toHaveLength(1)
  expect(await isIn(alice)).toBe(false)
})

test('the person is in at the first request after the code when the session store is slow', async () => {
  const sessionStore = new session.MemoryStore()
  const set = sessionStore.set.bind(sessionStore)
  app = await startTestApp({ sessionStore })
  const alice = await app.login('alice')
  sessionStore.set = (...told) => {
    setTimeout(set, 100, ...told)
  }
  expect((await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })).status).toBe(
    303,
  )
  expect(await isIn(alice)).toBe(true)
})
