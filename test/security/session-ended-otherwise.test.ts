/**
 * The attacker has a copy of the victim's cookie. The application ends the session in its own way while a slow request
 * of the victim's is still running and then writes the session back: the old cookie must not work any more.
 */

import session from 'express-session'
import type { Request, Response } from 'express'
import { afterEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { isIn, passedBrowser } from '../support/in-or-out.js'
import { phoneOf, rowOf } from '../support/rows.js'

type End = (req: Request, res: Response) => void

const done = (res: Response) => (error?: unknown) => {
  res.sendStatus(error ? 500 : 204)
}

/** The ways in which hosts end sessions. */
const ends: Readonly<Record<string, End>> = {
  'req.session.regenerate': (req, res) => req.session.regenerate(done(res)),
  'req.session.destroy': (req, res) => req.session.destroy(done(res)),
  'reload, then destroy': (req, res) => req.session.reload(() => req.session.destroy(done(res))),
  'sessionStore.destroy': (req, res) => {
    req.sessionStore.destroy(req.sessionID, done(res))
  },
  'sessionStore.regenerate': (req, res) => {
    req.sessionStore.regenerate(req, done(res))
  },
  "the logout of express-session's README": (req, res) => {
    Object.assign(req.session, { passport: undefined })
    req.session.save(() => req.session.regenerate(done(res)))
  },
  'req.session = null': (req, res) => {
    Object.assign(req, { session: null })
    res.sendStatus(204)
  },
}

let app: TestApp
afterEach(() => app.close())

for (const unset of ['keep', 'destroy'] as const) {
  test.each(Object.keys(ends))(
    `after %s, with unset: '${unset}', the old cookie is out`,
    async (way) => {
      let arrived: () => void = () => undefined
      let release: () => void = () => undefined
      const arrival = new Promise<void>((resolve) => (arrived = resolve))
      const released = new Promise<void>((resolve) => (release = resolve))
      app = await startTestApp({
        session: { unset, store: new session.MemoryStore() },
        routes(server) {
          server.post('/end', (req, res) => {
            ends[way]?.(req, res)
          })
          server.get('/slow', async (req, res) => {
            Object.assign(req.session, { basket: 'changed' })
            arrived()
            await released
            res.json({})
          })
        },
      })
      const victim = await passedBrowser(app, 'alice')
      const copy = victim.copy()
      const slow = victim.copy().get('/slow')
      await arrival
      expect((await victim.post('/end')).status).toBe(204)
      expect((await rowOf(app.store, '1')).grants).toEqual([])
      release()
      await slow
      expect(await isIn(copy)).toBe(false)
    },
  )
}

test('a second instance of the application on the same store ends it too', async () => {
  const store = new session.MemoryStore()
  app = await startTestApp({ session: { store } })
  const victim = await passedBrowser(app, 'alice')
  const copy = victim.copy()
  const ids = await new Promise<string[]>((resolve) => {
    store.all((_error, all) => {
      resolve(Object.keys(all ?? {}))
    })
  })
  for (const id of ids) {
    await new Promise((resolve) => {
      store.destroy(id, resolve)
    })
  }
  expect(await isIn(copy)).toBe(false)
  expect((await rowOf(app.store, '1')).grants).toEqual([])
})

test('a logout cancels the pending code in the same write', async () => {
  app = await startTestApp()
  const alice = await app.login('alice')
  const pending = alice.copy()
  const code = app.codeFor('alice')
  const before = await rowOf(app.store, '1')
  expect(phoneOf(before).challenge).not.toBeNull()
  await alice.post('/logout')
  const after = await rowOf(app.store, '1')
  expect([phoneOf(after).challenge, after.version]).toEqual([null, before.version + 1])
  expect((await pending.post('/second-factor/verify', { code })).status).not.toBe(200)
  const again = await app.login('alice')
  expect((await again.post('/second-factor/verify', { code })).status).not.toBe(200)
})
