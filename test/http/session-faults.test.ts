/** A session store that fails while a session is passing: nobody has passed, and the process goes on. */

import session from 'express-session'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { expectProblem, expectRefusalPage, retrySoon } from '../support/problem.js'

type Verb = 'set' | 'destroy'

/** The number of calls of each verb that fail from now on. */
let failing: Record<Verb, number>
let app: TestApp

class FaultyStore extends session.MemoryStore {
  override set(id: string, data: session.SessionData, done?: (error?: unknown) => void): void {
    if (!fails('set', done)) super.set(id, data, done)
  }

  override destroy(id: string, done?: (error?: unknown) => void): void {
    if (!fails('destroy', done)) super.destroy(id, done)
  }
}

function fails(verb: Verb, done?: (error?: unknown) => void): boolean {
  if (failing[verb] === 0) return false
  failing[verb] -= 1
  setImmediate(() => done?.(new Error('connect ECONNREFUSED sessions.internal')))
  return true
}

beforeEach(async () => {
  failing = { set: 0, destroy: 0 }
  app = await startTestApp({ sessionStore: new FaultyStore() })
})
afterEach(() => app.close())

describe.each<[string, Partial<Record<Verb, number>>]>([
  ['does not end the old session', { destroy: 1 }],
  ['does not write the new one', { set: 1 }],
  ['does not write it at the end of the request either', { set: 2 }],
])('a session store that %s', (_how, faults) => {
  test('lets nobody pass and leaves no grant', async () => {
    const alice = await app.login('alice')
    const before = alice.copy()
    Object.assign(failing, faults)
    const answer = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    expectProblem(answer, 'store_unavailable', retrySoon(app))
    failing = { set: 0, destroy: 0 }
    expect((await app.store.read('1'))?.grants).toEqual([])
    for (const browser of [alice, before]) {
      expect([401, 403]).toContain((await browser.get('/account')).status)
    }
    const again = await app.login('alice')
    const code = app.codeFor('alice')
    expect((await again.post('/second-factor/verify', { code })).status).toBe(200)
    expect((await again.get('/account')).status).toBe(200)
  })

  test('lets nobody pass by a phone and leaves no grant', async () => {
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+33612345678' })
    const code = app.inbox.inbox('+33612345678')[0]?.code
    Object.assign(failing, faults)
    const answer = await carol.post('/second-factor/phone/verify', { code })
    expectProblem(answer, 'store_unavailable', retrySoon(app))
    failing = { set: 0, destroy: 0 }
    expect((await app.store.read('3'))?.grants).toEqual([])
    expect([401, 403]).toContain((await carol.get('/account')).status)
  })
})

describe('a session store that does not write', () => {
  test('does not matter when a challenge is requested or cancelled', async () => {
    const alice = app.browser()
    await alice.post('/password', { username: 'alice', password: 'password' })
    failing.set = 2
    expect((await alice.post('/second-factor/challenge')).status).toBe(201)
    expect((await alice.delete('/second-factor/challenge')).status).toBe(204)
    expect((await alice.get('/second-factor/')).json['challenge']).toBeNull()
  })

  test('is reported by the gate, which lets nobody through', async () => {
    const alice = await app.login('alice')
    failing.set = 2
    const page = await alice.page('/account')
    expectRefusalPage(page, 'store_unavailable', /isn’t available right now/, retrySoon(app))
  })
})
