/**
 * The attacker starts a slow request, or waits for one, in a session that is about to end or be replaced.
 * express-session writes the request's stale copy back when it responds, which revives the old cookie with everything
 * it held. Such a revived session must not be in.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
let arrived: () => void
let release: () => void
let arrival: Promise<void>

beforeEach(async () => {
  const released = new Promise<void>((resolve) => (release = resolve))
  arrival = new Promise<void>((resolve) => (arrived = resolve))
  app = await startTestApp({
    routes(server) {
      server.get('/slow', async (req, res) => {
        Object.assign(req.session, { basket: 'changed' })
        arrived()
        await released
        res.json({ slow: true })
      })
      server.post('/destroy', (req, res, next) => {
        req.session.destroy((error: unknown) => {
          if (error) next(error)
          else res.sendStatus(204)
        })
      })
      server.post('/destroy-and-forget', (req, res) => {
        // The types want a callback; express-session does not.
        const gone: { destroy(done?: unknown): unknown } = req.session
        gone.destroy()
        res.json({ session: typeof req.session })
      })
    },
  })
})
afterEach(() => app.close())

/** Runs `during` while a slow request of this browser's cookie is in flight, then lets it end. */
async function whileSlow(browser: Browser, during: () => Promise<unknown>): Promise<Browser> {
  const old = browser.copy()
  const slow = old.copy().get('/slow')
  await arrival
  await during()
  release()
  await slow
  expect((await old.get('/profile')).json['user'], 'the old session lives again').toMatchObject({
    username: 'alice',
  })
  return old
}

test.each(['/logout', '/destroy', '/destroy-and-forget'])(
  'a session that a slow request revives after %s is out',
  async (path) => {
    const victim = await passedBrowser(app, 'alice')
    const old = await whileSlow(victim, () => victim.post(path))

    expect(await isIn(old)).toBe(false)
    expect((await old.post('/transfer')).status).toBe(401)
    expect((await rowOf(app.store, '1')).grants).toEqual([])
  },
)

test('a session destroyed without a callback is gone at once, as in express-session', async () => {
  const victim = await passedBrowser(app, 'alice')
  const old = victim.copy()
  expect((await victim.post('/destroy-and-forget')).json).toEqual({ session: 'undefined' })
  expect(await isIn(old)).toBe(false)
  expect((await old.get('/profile')).json['user']).toBeNull()
})

test('a session revived with an id from before the code is not in', async () => {
  const victim = await app.login('alice')
  const old = await whileSlow(victim, () => verify(victim, app.codeFor('alice')))

  expect(await isIn(victim)).toBe(true)
  expect(await isIn(old)).toBe(false)
  expect((await verify(old, app.codeFor('alice'))).status).not.toBe(200)
})

test('a session revived after a revocation is out', async () => {
  const victim = await passedBrowser(app, 'alice')
  const old = await whileSlow(victim, () => app.secondFactor.revoke(app.users[0] as Express.User))
  expect(await isIn(old)).toBe(false)
})

test('a session revived after another one changed the phone is out', async () => {
  const other = await passedBrowser(app, 'alice')
  app.clock.advance(60)
  const owner = await passedBrowser(app, 'alice')
  const old = await whileSlow(other, async () => {
    app.clock.advance(60)
    await owner.post('/second-factor/phone', { phone: '+14155550199' })
    const code = app.inbox.inbox('+14155550199')[0]?.code
    expect((await owner.post('/second-factor/phone/verify', { code })).status).toBe(200)
  })
  expect(await isIn(owner)).toBe(true)
  expect(await isIn(old)).toBe(false)
})

test('a session revived after another user logged in over it is out', async () => {
  const shared = await passedBrowser(app, 'alice')
  const old = await whileSlow(shared, () =>
    shared.post('/login', { username: 'bob', password: 'password' }),
  )
  expect(await isIn(old)).toBe(false)
  expect(await isIn(shared)).toBe(false)
})
