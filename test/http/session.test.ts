/** `session()`: what the session stores, and how a login, a pass and a logout change it. */

import session from 'express-session'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { memoryStore, SessionError } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { challengeOf } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let sessions: session.MemoryStore
let app: TestApp

const start = async (options: TestAppOptions = {}) => {
  sessions = new session.MemoryStore()
  app = await startTestApp({
    sessionStore: sessions,
    routes: (express) => {
      express.post('/cart', (req, res) => {
        Object.assign(req.session, { cart: ['apple'] })
        res.sendStatus(204)
      })
      express.get('/cart', (req, res) => {
        res.json({ cart: Reflect.get(req.session, 'cart') as unknown })
      })
      express.post('/forget', (req, res) => {
        delete req.session.secondFactor
        res.sendStatus(204)
      })
      express.post('/destroy', (req, res, next) => {
        req.session.destroy((error: unknown) => {
          if (error) next(error)
          else res.sendStatus(204)
        })
      })
    },
    ...options,
  })
}
beforeEach(() => start())
afterEach(() => app.close())

const stored = (): Promise<session.SessionData[]> =>
  new Promise((resolve, reject) => {
    sessions.all((error, all) => {
      if (error) reject(error as Error)
      else resolve(Object.values(all ?? {}))
    })
  })

const pass = (browser: Browser) =>
  browser.post('/second-factor/verify', { code: app.codeFor('alice') })
const grantsOf = async (subject: string) => (await app.store.read(subject))?.grants

describe('the session', () => {
  test('has one key of this package, with ids and times but no code or phone', async () => {
    const alice = await app.login('alice')
    await alice.page('/account')
    const [waiting] = await stored()
    expect(Object.keys(waiting ?? {}).sort()).toEqual(['cookie', 'passport', 'secondFactor'])
    expect(waiting?.secondFactor).toEqual({
      ...{ subject: '1', loginAt: app.clock.now, returnTo: '/account' },
      stoppedAt: ['/account'],
      key: challengeOf(await rowOf(app.store, '1')).sessionKey,
    })
    expect(JSON.stringify(waiting)).not.toContain(app.codeFor('alice'))
    expect(JSON.stringify(waiting)).not.toContain('237671234567')
    await pass(alice)
    const [raised, ...others] = await stored()
    expect(raised?.secondFactor).toEqual({
      ...{ subject: '1', loginAt: app.clock.now, returnTo: '/account' },
      stoppedAt: ['/account'],
      grantId: (await grantsOf('1'))?.[0]?.id,
      epoch: 0,
      key: expect.stringMatching(/^[\w-]{22}$/) as unknown,
    })
    expect(raised?.secondFactor?.key).not.toBe(waiting?.secondFactor?.key)
    expect(others).toEqual([])
  })

  test('gets a new id at login and at the pass, and keeps the application’s data', async () => {
    const alice = await app.login('alice')
    await alice.post('/cart')
    const waiting = alice.copy()
    const [before] = [alice.cookies.get('connect.sid')]
    await pass(alice)
    expect(alice.cookies.get('connect.sid')).not.toBe(before)
    expect((await alice.get('/cart')).json).toEqual({ cart: ['apple'] })
    expect((await alice.get('/profile')).json['user']).toMatchObject({ username: 'alice' })
    expect((await waiting.get('/profile')).json['user']).toBeNull()
  })

  test('is saved before the response is sent', async () => {
    let slow = 0
    class SlowStore extends session.MemoryStore {
      override set(id: string, data: session.SessionData, done?: (error?: unknown) => void): void {
        setTimeout(() => {
          slow += 1
          super.set(id, data, done)
        }, 20)
      }
    }
    await app.close()
    await start({ sessionStore: new SlowStore() })
    const alice = await app.login('alice')
    await pass(alice)
    expect(slow).toBeGreaterThan(0)
    expect((await alice.get('/account')).status).toBe(200)
  })
})

describe('a logout', () => {
  test('ends the session and the grant', async () => {
    const alice = await app.login('alice')
    await pass(alice)
    expect(await grantsOf('1')).toHaveLength(1)
    expect((await alice.post('/logout')).status).toBe(204)
    expect(await grantsOf('1')).toEqual([])
    expect((await alice.get('/account')).status).toBe(401)
  })

  test('that destroys the session ends the grant as well', async () => {
    const alice = await app.login('alice')
    await pass(alice)
    expect((await alice.post('/destroy')).status).toBe(204)
    expect(await grantsOf('1')).toEqual([])
    expect((await alice.get('/account')).status).toBe(401)
  })

  test('ends the session even if the store fails, and then reports it', async () => {
    let broken = false
    const store = memoryStore()
    await app.close()
    await start({
      secondFactor: {
        store: {
          ...store,
          read: (subject) =>
            broken ? Promise.reject(new Error('no connection')) : store.read(subject),
        },
      },
    })
    const alice = await app.login('alice')
    await pass(alice)
    broken = true
    expect((await alice.post('/logout')).status).toBe(500)
    expect(app.faults).toMatchObject([{ code: 'store_unavailable' }])
    broken = false
    expect((await alice.get('/account')).status).toBe(401)
  })

  test('works for a user who never passed', async () => {
    const alice = await app.login('alice')
    expect((await alice.post('/logout')).status).toBe(204)
    expect((await app.browser().post('/logout')).status).toBe(204)
  })
})

describe('a login', () => {
  test('in a passed session ends that grant and starts over', async () => {
    const alice = await app.login('alice')
    await pass(alice)
    await alice.post('/login', { username: 'bob', password: 'password' })
    expect(await grantsOf('1')).toEqual([])
    expect((await alice.get('/account')).json['code']).toBe('second_factor_required')
  })

  test('from before this package was installed has to be done again', async () => {
    const alice = await app.login('alice')
    await alice.post('/forget')
    expect((await alice.get('/account')).json['code']).toBe('login_required')
  })
})

describe('mounting mistakes are reported', () => {
  test.each<[string, TestAppOptions]>([
    [
      'mount secondFactor.session() after passport.session()',
      {
        before: (express) => {
          express.use('/early', (req, res, next) => {
            app.secondFactor.session()(req, res, next)
          })
        },
      },
    ],
    [
      'before everything else of the second factor',
      {
        before: (express) => {
          express.use('/early', (req, res, next) => {
            app.secondFactor.router()(req, res, next)
          })
        },
      },
    ],
  ])('%s', async (remedy, options) => {
    await app.close()
    await start(options)
    const alice = await app.login('alice')
    expect((await alice.get('/early')).status).toBe(500)
    expect(app.faults[0]).toBeInstanceOf(SessionError)
    expect(String(app.faults[0])).toContain(remedy)
  })
})
