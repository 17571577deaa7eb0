/**
 * The attacker kept a copy of the victim's cookie from before the logout: from a proxy's log, a backup of
 * the browser, a shared computer. After the logout no copy may be in, whatever stage it was taken at, and a
 * code that was on its way must not let it in either.
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

test('a cookie from before the logout is out, and so is its successor', async () => {
  const victim = await passedBrowser(app, 'alice')
  const copy = victim.copy()
  expect((await victim.post('/logout')).status).toBe(204)

  expect(await isIn(copy)).toBe(false)
  expect(await isIn(victim)).toBe(false)
  expect((await copy.get('/profile')).json['user']).toBeNull()
  expect((await rowOf(app.store, '1')).grants).toEqual([])
})

test('a code sent before the logout is of no use to the old cookie or to an empty jar', async () => {
  const victim = await app.login('alice')
  const copy = victim.copy()
  const code = app.codeFor('alice')
  await victim.post('/logout')

  for (const browser of [copy, victim, app.browser()]) {
    expect((await verify(browser, code)).status).toBe(401)
    expect(await isIn(browser)).toBe(false)
  }
})

test('a logout of one session leaves the others of the same user in', async () => {
  const desk = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const couch = await passedBrowser(app, 'alice')
  await desk.post('/logout')

  expect(await isIn(desk)).toBe(false)
  expect(await isIn(couch)).toBe(true)
})

test('a revocation ends every session of the user at once, and the code that is on its way', async () => {
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

test('a logout in the middle of a verification ends with nobody in', async () => {
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

test('a grant that the process may believe for a minute ends at once where it is ended', async () => {
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
