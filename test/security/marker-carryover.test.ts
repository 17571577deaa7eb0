/**
 * The attacker has their own account, and a browser in which somebody has passed: a shared computer, an application
 * that logs in over a running session, an administrator who impersonates a user. Passport can carry a whole session
 * over to the next user (`keepSessionInfo`). One user's second factor must never count for another user, nor for a
 * later login.
 */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { faultyStore, type FaultyStore } from '../support/faulty-store.js'
import { isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
let store: FaultyStore
beforeEach(async () => {
  store = faultyStore()
  app = await startTestApp({
    secondFactor: { store },
    routes(server) {
      server.post('/login-as/:id', (req, res, next) => {
        const user = app.users.find(({ id }) => id === Number(req.params.id))
        const keepSessionInfo = req.query['keep'] === 'true'
        const session = req.query['session'] !== 'false'
        req.logIn(user as Express.User, { keepSessionInfo, session }, (error: unknown) => {
          if (error) next(error)
          else res.json({ user: req.user, secondFactor: req.secondFactor })
        })
      })
      server.post('/logout-keeping', (req, res, next) => {
        req.logOut({ keepSessionInfo: true }, (error: unknown) => {
          if (error) next(error)
          else res.sendStatus(204)
        })
      })
      server.post('/impersonate/:id', (req, res) => {
        Object.assign(req.session, { passport: { user: Number(req.params.id) } })
        res.sendStatus(204)
      })
      server.get('/as-bob', (req, _res, next) => {
        req.user = app.users[1]
        next()
      })
    },
  })
})
afterEach(() => app.close())

const whoami = async (browser: Browser) => (await browser.get('/profile')).json['user']

test.each(['', '?keep=true'])(
  'another user’s login over a passed session has not passed (%s)',
  async (query) => {
    const browser = await passedBrowser(app, 'alice')
    const answer = await browser.post(`/login-as/2${query}`)
    expect(answer.json).toMatchObject({ secondFactor: { passed: false, amr: ['pwd'] } })

    expect(await whoami(browser)).toMatchObject({ username: 'bob' })
    expect(await isIn(browser)).toBe(false)
    expect((await rowOf(app.store, '1')).grants).toEqual([])
  },
)

test.each(['', '?keep=true'])(
  'a password login of the same user starts over (%s)',
  async (query) => {
    const browser = await passedBrowser(app, 'alice')
    const before = browser.copy()
    await browser.post(`/login-as/1${query}`)

    expect(await isIn(browser)).toBe(false)
    expect(await isIn(before)).toBe(false)
    expect((await rowOf(app.store, '1')).grants).toEqual([])
  },
)

test.each(['/login-as/1?keep=true', '/login-as/2?keep=true'])(
  '%s carries nothing over even if the store cannot end the grant',
  async (path) => {
    const browser = await passedBrowser(app, 'alice')
    store.faults = { compareAndSwap: 'refuses' }
    expect((await browser.post(path)).status).toBe(200)
    store.faults = {}

    expect((await rowOf(app.store, '1')).grants).toHaveLength(1)
    expect(await isIn(browser)).toBe(false)
    await browser.post('/login-as/1?keep=true')
    expect(await isIn(browser)).toBe(false)
  },
)

test('a logout that keeps the session keeps nothing of the second factor', async () => {
  const browser = await passedBrowser(app, 'alice')
  expect((await browser.post('/logout-keeping')).status).toBe(204)

  expect((await rowOf(app.store, '1')).grants).toEqual([])
  expect(await isIn(browser)).toBe(false)
  await browser.post('/login-as/1?keep=true')
  expect(await isIn(browser)).toBe(false)
  await browser.post('/login-as/2?keep=true')
  expect(await isIn(browser)).toBe(false)
})

test('a logout that keeps the session keeps nothing even if the store fails', async () => {
  const browser = await passedBrowser(app, 'alice')
  store.faults = { compareAndSwap: 'refuses' }
  expect((await browser.post('/logout-keeping')).status).toBe(500)
  store.faults = {}

  await browser.post('/impersonate/1')
  expect(await whoami(browser)).toMatchObject({ username: 'alice' })
  expect(await isIn(browser)).toBe(false)
})

test('a running challenge is not carried over to the next user of the session', async () => {
  const browser = await app.login('alice')
  const code = app.codeFor('alice')
  await browser.post('/login-as/2?keep=true')

  expect((await verify(browser, code)).json['code']).toBe('no_challenge')
  expect(await isIn(browser)).toBe(false)
})

test('a session whose user is swapped has not passed and borrows no grant', async () => {
  const browser = await passedBrowser(app, 'alice')
  await browser.post('/impersonate/2')

  expect(await whoami(browser)).toMatchObject({ username: 'bob' })
  expect(await isIn(browser)).toBe(false)
  expect((await browser.post('/second-factor/challenge')).status).toBe(401)
  expect((await browser.post('/second-factor/phone', { phone: '+14155550199' })).status).toBe(401)
  expect(app.inbox.inbox(app.users[1]?.phone ?? '')).toEqual([])
})

test('a request that acts as another user is judged as that user', async () => {
  app.app.get('/as-bob', app.secondFactor.gate(), (_req, res) => {
    res.json({ account: 'bob' })
  })
  const alice = await passedBrowser(app, 'alice')
  expect(await isIn(alice, '/as-bob')).toBe(false)
  expect(await isIn(alice)).toBe(true)
})

test('a login for one request leaves the session’s second factor unchanged', async () => {
  const alice = await passedBrowser(app, 'alice')
  await alice.post('/login-as/2?session=false')
  expect(await whoami(alice)).toMatchObject({ username: 'alice' })
  expect(await isIn(alice)).toBe(true)
})

test('a login by other means than the password, such as remember-me, has not passed', async () => {
  const browser = app.browser()
  await browser.post('/login-as/1')
  expect(await whoami(browser)).toMatchObject({ username: 'alice' })
  expect(await isIn(browser)).toBe(false)
})
