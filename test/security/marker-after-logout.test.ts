/**
 * The attacker kept a copy of the victim's cookie from before the logout: from a proxy log, a browser backup, or a
 * shared computer. After logout no copy may be in, whenever it was taken, and a code that was on its way must not let
 * it in either.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { memoryStore } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

test('a cookie from before the logout is out, and so is the one that replaced it', async () => {
  const victim = await passedBrowser(app, 'alice')
  const copy = victim.copy()
  expect((await victim.post('/logout')).status).toBe(204)

  expect(await isIn(copy)).toBe(false)
  expect(await isIn(victim)).toBe(false)
  expect((await copy.get('/profile')).json['user']).toBeNull()
  expect((await rowOf(app.store, '1')).grants).toEqual([])
})

test('a code sent before the logout works neither with the old cookie nor without one', async () => {
  const victim = await app.login('alice')
  const copy = victim.copy()
  const code = app.codeFor('alice')
  await victim.post('/logout')

  for (const browser of [copy, victim, app.browser()]) {
    expect((await verify(browser, code)).status).toBe(401)
    expect(await isIn(browser)).toBe(false)
  }
})

test('logging out one session leaves the user’s other sessions in', async () => {
  const desk = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const couch = await passedBrowser(app, 'alice')
  await desk.post('/logout')

  expect(await isIn(desk)).toBe(false)
  expect(await isIn(couch)).toBe(true)
})

test('a revocation ends all the user’s sessions at once, and the code on its way', async () => {
  const desk = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const couch = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const pending = await app.login('alice')
  const code = app.codeFor('alice')
  await app.secondFactor.revoke(app.users[0] as Express.User)

  expect(await isIn(desk)).toBe(false)
  expect(await isIn(couch)).toBe(false)
  expect((await verify(pending, code)).json['code']).toBe('no_challenge')
  expect(await isIn(pending)).toBe(false)
})

test('a logout during a verification leaves nobody in', async () => {
  const victim = await app.login('alice')
  const copy = victim.copy()
  await Promise.all([
    verify(victim, app.codeFor('alice')),
    copy.post('/logout'),
    copy.copy().post('/logout'),
  ])
  await victim.post('/logout')
  expect(await isIn(victim)).toBe(false)
  expect(await isIn(copy)).toBe(false)
})

test('a cached grant ends at once in the process that ends it', async () => {
  const store = memoryStore()
  let held: Promise<void> | null = null
  let reached: () => void = () => undefined
  const cached = await startTestApp({
    secondFactor: {
      grantCacheSeconds: 60,
      store: {
        async read(subject) {
          const row = await store.read(subject)
          const wait = held
          held = null
          if (wait !== null) reached()
          await wait
          return row
        },
        compareAndSwap: (subject, version, next) => store.compareAndSwap(subject, version, next),
        delete: (subject) => store.delete(subject),
      },
    },
  })
  try {
    const victim = await passedBrowser(cached, 'alice')
    expect(await isIn(victim)).toBe(true)
    await cached.secondFactor.revoke(cached.users[0] as Express.User)
    expect(await isIn(victim)).toBe(false)

    // And where a request had read the grant just before, and is told only after.
    cached.clock.advance(60)
    const again = await passedBrowser(cached, 'alice')
    let release: () => void = () => undefined
    const reading = new Promise<void>((resolve) => (reached = resolve))
    held = new Promise((resolve) => (release = resolve))
    const slow = again.copy().get('/account')
    await reading
    await cached.secondFactor.revoke(cached.users[0] as Express.User)
    release()
    await slow
    expect(await isIn(again)).toBe(false)
  } finally {
    await cached.close()
  }
})
