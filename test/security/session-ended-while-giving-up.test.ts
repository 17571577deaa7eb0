/**
 * The victim cancels a code, or reaches a closed gate, and logs out while that request still waits for the store. The
 * attacker holds a copy of the cookie: the request's late write must not bring the session back.
 */

import session from 'express-session'
import { afterEach, expect, test } from 'vitest'

import { memoryStore, type StateStore } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { passedBrowser } from '../support/in-or-out.js'

let app: TestApp
afterEach(() => app.close())

/** Sessions in memory, which the test ends as another process would: without a word to this one. */
class Sessions extends session.MemoryStore {
  /** Runs at each look at a session. */
  onGet: () => void = () => undefined

  override get(...[sid, done]: Parameters<session.MemoryStore['get']>): void {
    this.onGet()
    super.get(sid, done)
  }

  endAll(): void {
    Object.assign(this, { sessions: Object.create(null) as object })
  }
}

/** A store that can hold its next write up. */
function heldStore(): {
  store: StateStore
  hold: () => { reached: Promise<void>; release: () => void }
} {
  const store = memoryStore()
  let beforeWrite = () => Promise.resolve()
  return {
    store: {
      ...store,
      async compareAndSwap(...swap) {
        await beforeWrite()
        return store.compareAndSwap(...swap)
      },
    },
    hold() {
      let arrive: () => void = () => undefined
      let release: () => void = () => undefined
      const reached = new Promise<void>((resolve) => (arrive = resolve))
      const released = new Promise<void>((resolve) => (release = resolve))
      beforeWrite = () => {
        arrive()
        return released
      }
      return { reached, release }
    },
  }
}

test('cancelling a code late does not bring the session back', async () => {
  const sessionStore = new Sessions()
  const { store, hold } = heldStore()
  app = await startTestApp({ sessionStore, secondFactor: { store } })
  const alice = await app.login('alice')
  const copy = alice.copy()
  const { reached, release } = hold()
  const givenUp = alice.ask('/second-factor/challenge', { method: 'DELETE' })
  await reached
  sessionStore.endAll()
  release()
  expect((await givenUp).status).toBe(204)
  expect(await userOf(copy)).toBeNull()
})

test('clearing kept fields late does not bring the session back', async () => {
  const sessionStore = new Sessions()
  app = await startTestApp({
    sessionStore,
    routes(server, secondFactor) {
      server.post(
        '/form',
        secondFactor.gate({ maxAgeSeconds: 300, keepFields: ['to'] }),
        (_req, res) => res.sendStatus(200),
      )
    },
  })
  const alice = await passedBrowser(app, 'alice')
  app.clock.advance(301)
  await submitForm(alice)
  app.clock.advance(60)
  await alice.post('/second-factor/challenge')
  const code = app.codeFor('alice')
  expect((await alice.post('/second-factor/verify', { code })).status).toBe(200)
  const copy = alice.copy()
  // The form's own request has read the session by then: it ends before the next look at it.
  let looks = 0
  sessionStore.onGet = () => {
    looks += 1
    if (looks === 2) sessionStore.endAll()
  }
  await submitForm(alice)
  expect(looks).toBeGreaterThan(1)
  expect(await userOf(copy)).toBeNull()
})

test('the session ends even if the session store throws', async () => {
  const sessionStore = new Sessions()
  app = await startTestApp({
    sessionStore,
    routes(server) {
      server.post('/end', (req, res) => {
        sessionStore.onGet = () => {
          throw new Error('down')
        }
        req.sessionStore.destroy(req.sessionID, () => {
          sessionStore.onGet = () => undefined
          res.sendStatus(204)
        })
      })
    },
  })
  const alice = await passedBrowser(app, 'alice')
  const copy = alice.copy()
  expect((await alice.post('/end')).status).toBe(204)
  expect(await userOf(copy)).toBeNull()
})

function submitForm(browser: Browser) {
  return browser.ask('/form', {
    method: 'POST',
    headers: {
      ...{ accept: 'text/html', referer: `${app.url}/form` },
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'to=bob',
  })
}

async function userOf(browser: Browser): Promise<unknown> {
  return (await browser.get('/profile')).json['user']
}
