/** `begin()`: the response to a password login, which stands even if no code can be sent. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { expectProblem, expectRefusalPage } from '../support/problem.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

const login = (username: string, browser = app.browser()) =>
  browser.post('/login', { username, password: 'password' })

const submit = (username: string, browser: Browser = app.browser()) =>
  browser.submit('/login', { username, password: 'password' })

test('sends the first code and leads to the challenge', async () => {
  const answer = await login('alice')
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({
    next: '/second-factor/',
    challenge: {
      ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••67' },
      ...{ codeLength: 6, attemptsLeft: 5, expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
      ...{ resendAt: app.clock.iso(30), resendInSeconds: 30 },
    },
  })
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(app.inbox.inbox().map(({ to }) => to)).toEqual(['+237671234567'])
  const form = await submit('bob')
  expect([form.status, form.headers.get('location')]).toEqual([303, '/second-factor/'])
  expect(app.inbox.inbox()).toHaveLength(2)
})

test('includes fields from the application', async () => {
  await app.close()
  app = await startTestApp({
    routes: (express, secondFactor) => {
      const answer = (req: { user?: { username: string } | undefined }) => ({
        user: { username: req.user?.username },
        next: 'nowhere',
      })
      express.post('/again', secondFactor.begin({ answer }))
    },
  })
  const alice = await app.login('alice')
  app.clock.advance(30)
  const answer = await alice.post('/again')
  expect(Object.keys(answer.json).sort()).toEqual(['challenge', 'next', 'user'])
  expect(answer.json).toMatchObject({ user: { username: 'alice' }, next: '/second-factor/' })
})

test.each([
  ['/contact?tab=2', '/contact?tab=2'],
  ['https://evil.example/', '/account'],
  ['//evil.example/', '/account'],
])(
  'a page that the application kept for Passport, %s, is returned to as %s',
  async (kept, page) => {
    await app.close()
    app = await startTestApp({
      routes: (express, secondFactor) => {
        express.post(
          '/again',
          (req, _res, next) => {
            Object.assign(req.session, { returnTo: kept })
            next()
          },
          secondFactor.begin(),
        )
      },
    })
    const alice = await app.login('alice')
    app.clock.advance(30)
    await alice.post('/again')
    const passed = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect(passed.json['returnTo']).toBe(page)
  },
)

describe('when no code can be sent, the login stands', () => {
  const cases: Record<string, () => Promise<[username: string, refusal: object]>> = {
    cooldown: async () => {
      await login('alice')
      return ['alice', { code: 'cooldown', retryAt: app.clock.iso(30) }]
    },
    'the day is over its budget': async () => {
      await app.close()
      app = await startTestApp({ secondFactor: { policy: { sendsPerDay: 1 } } })
      await login('alice')
      return ['alice', { code: 'send_limit', retryAt: app.clock.iso(86_400) }]
    },
    'a lock': async () => {
      await app.close()
      app = await startTestApp({ secondFactor: { policy: roomyPolicy } })
      await failTimes(app, await app.login('alice'), 'alice', 10)
      return ['alice', { code: 'locked_out', retryAt: app.clock.iso(1800) }]
    },
    'the hard stop': async () => {
      await app.close()
      app = await startTestApp({ secondFactor: { policy: { hardStopFailures: 1 } } })
      await failTimes(app, await app.login('alice'), 'alice', 1)
      return ['alice', { code: 'locked_out' }]
    },
    'no phone': () => Promise.resolve(['carol', { code: 'destination_missing' }]),
  }

  test.each(Object.entries(cases))('%s', async (_name, arrange) => {
    const [username, refusal] = await arrange()
    const browser = app.browser()
    const answer = await login(username, browser)
    expect([answer.status, answer.json]).toEqual([200, { next: '/second-factor/', refusal }])
    const status = await browser.get('/second-factor/')
    expect([status.status, status.json['challenge']]).toEqual([200, null])
    const form = await submit(username)
    expect([form.status, form.headers.get('location')]).toEqual([303, '/second-factor/'])
  })
})

test('a user whose second factor is waived goes straight on and is sent nothing', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: {
      users: { id: ({ id }) => id, phone: ({ phone }) => phone, isRequired: () => false },
    },
  })
  expect((await login('alice')).json).toEqual({ next: '/account' })
  const alice = app.browser()
  const form = await submit('alice', alice)
  expect([form.status, form.headers.get('location')]).toEqual([303, '/account'])
  expect(app.inbox.inbox()).toEqual([])
})

test('does nothing after a wrong password', async () => {
  const answer = await app.browser().post('/login', { username: 'alice', password: 'wrong' })
  expect(answer.status).toBe(401)
  expect(app.inbox.inbox()).toEqual([])
})

test('refuses a request without a login', async () => {
  await app.close()
  app = await startTestApp({
    routes: (express, secondFactor) => express.post('/again', secondFactor.begin()),
  })
  expectProblem(await app.browser().post('/again'), 'login_required')
  const page = await app.browser().submit('/again')
  expectRefusalPage(page, 'login_required', 'Log in with your password first.')
})
