/**
 * The attacker has copied the cookie and types the code that the victim reads out, while the victim logs out in
 * another process. Whichever write reaches the store first, a completed logout wins: neither the old cookie nor the
 * new one is in.
 */

import session from 'express-session'
import { afterEach, expect, test } from 'vitest'

import { memoryStore, type StateStore } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { isIn, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

/** A point at which work waits until it is let go on; once passed, it stops nothing any more. */
class Turnstile {
  isClosed = false
  reached: Promise<void>
  #reach: () => void = () => undefined
  #open: () => void = () => undefined

  constructor() {
    this.reached = new Promise((resolve) => (this.#reach = resolve))
  }

  open(): void {
    this.#open()
  }

  async pass(): Promise<void> {
    if (!this.isClosed) return
    this.isClosed = false
    const opened = new Promise<void>((resolve) => (this.#open = resolve))
    this.#reach()
    await opened
  }
}

/** The sessions of one process, on what all processes share. */
class Sessions extends session.MemoryStore {
  readonly beforeDestroy = new Turnstile()

  share(others: Sessions): void {
    Reflect.set(this, 'sessions', Reflect.get(others, 'sessions'))
  }

  override destroy(...[sid, done]: Parameters<session.MemoryStore['destroy']>): void {
    void this.beforeDestroy.pass().then(() => {
      super.destroy(sid, done)
    })
  }
}

let here: TestApp
let elsewhere: TestApp
const sessions = { here: new Sessions(), elsewhere: new Sessions() }
const beforeRead = new Turnstile()

async function startTwoProcesses(): Promise<void> {
  const store = memoryStore()
  const held: StateStore = {
    ...store,
    async read(subject) {
      await beforeRead.pass()
      return store.read(subject)
    },
  }
  sessions.here = new Sessions()
  sessions.elsewhere = new Sessions()
  sessions.elsewhere.share(sessions.here)
  here = await startTestApp({ sessionStore: sessions.here, secondFactor: { store } })
  elsewhere = await startTestApp({
    sessionStore: sessions.elsewhere,
    secondFactor: { store: held, clock: () => here.clock.now },
  })
}

afterEach(async () => {
  await here.close()
  await elsewhere.close()
})

/** The same cookies in the other process. */
function other(browser: Browser): Browser {
  const copy = elsewhere.browser()
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

test('a logout between the last session read and the new id leaves nobody logged in', async () => {
  await startTwoProcesses()
  const attacker = await here.login('alice')
  const victim = other(attacker)
  sessions.here.beforeDestroy.isClosed = true
  const answer = verify(attacker, here.codeFor('alice'))
  await sessions.here.beforeDestroy.reached
  expect((await victim.post('/logout')).status).toBe(204)
  sessions.here.beforeDestroy.open()

  expect((await answer).json['code']).toBe('login_required')
  for (const browser of [attacker, victim]) {
    expect(await isIn(browser)).toBe(false)
    expect((await browser.get('/profile')).json['user']).toBeNull()
  }
  expect((await rowOf(here.store, '1')).grants).toEqual([])
  expect(here.events.some(({ type }) => type === 'passed')).toBe(false)
})

test('a logout that reaches the store after the new id was written ends that session as well', async () => {
  await startTwoProcesses()
  const attacker = await here.login('alice')
  const victim = other(attacker)
  beforeRead.isClosed = true
  const loggedOut = victim.post('/logout')
  await beforeRead.reached
  expect((await verify(attacker, here.codeFor('alice'))).status).toBe(200)
  beforeRead.open()
  expect((await loggedOut).status).toBe(204)

  expect((await rowOf(here.store, '1')).grants).toEqual([])
  expect((await attacker.get('/account')).json['code']).toBe('login_required')
  expect((await attacker.post('/second-factor/challenge')).json['code']).toBe('login_required')
  expect((await attacker.page('/account')).headers.get('location')).toBe('/login')
  expect((await attacker.get('/profile')).json['user']).toBeNull()
})

test('a revoked pass can be earned again while the login is fresh', async () => {
  await startTwoProcesses()
  const alice = await here.login('alice')
  await verify(alice, here.codeFor('alice'))
  await here.secondFactor.revoke(here.users[0] as Express.User)
  expect((await alice.get('/account')).json['code']).toBe('second_factor_required')
})
