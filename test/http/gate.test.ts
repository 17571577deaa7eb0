/** The gate: who passes it, and where everybody else is led. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { memoryStore, SessionError } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import {
  expectProblem,
  expectRefusalPage,
  expectRefusedForm,
  reasonOn,
} from '../support/problem.js'

const challengeUrl = '/second-factor/'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

const pass = (browser: Browser, username = 'alice') =>
  browser.post('/second-factor/verify', { code: app.codeFor(username) })

async function passed(username = 'alice'): Promise<Browser> {
  const browser = await app.login(username)
  await pass(browser, username)
  return browser
}

function expectRedirect(answer: Answer, location: string): void {
  expect([answer.status, answer.headers.get('location')]).toEqual([303, location])
  expect(answer.headers.get('cache-control')).toBe('no-store')
}

describe('a program', () => {
  test('is refused without a login or a grant, and let through with a grant', async () => {
    expectProblem(await app.browser().get('/account'), 'login_required')
    const alice = await app.login('alice')
    expectProblem(await alice.get('/account'), 'second_factor_required', { challengeUrl })
    await pass(alice)
    const answer = await alice.get('/account')
    expect([answer.status, answer.json]).toEqual([
      200,
      {
        account: 'alice',
        secondFactor: {
          ...{ passed: true, method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
          passedAt: app.clock.iso(),
        },
      },
    ])
  })

  test('sees no passed state on a route without a gate', async () => {
    const alice = await passed()
    expect((await alice.get('/profile')).json['secondFactor']).toEqual({
      ...{ passed: false, method: null, passedAt: null, amr: ['pwd'] },
    })
    expect((await app.browser().get('/profile')).json['secondFactor']).toMatchObject({ amr: [] })
  })

  test('is refused, never redirected, if it accepts anything', async () => {
    const alice = await app.login('alice')
    const answer = await alice.ask('/account?tab=2')
    expectProblem(answer, 'second_factor_required', { challengeUrl })
    expect((await pass(alice)).json['returnTo']).toBe('/account')
  })
})

describe('a browser', () => {
  test('is led to the challenge, and then back to where it was going', async () => {
    const alice = await app.login('alice')
    expectRedirect(await alice.page('/account?tab=2&q=a%20b'), challengeUrl)
    const answer = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
    expect(answer.headers.get('location')).toBe('/account?tab=2&q=a%20b')
  })

  test('is led to the login page first, and keeps the return path', async () => {
    const alice = app.browser()
    expectRedirect(await alice.page('/account?tab=3'), '/login')
    await alice.submit('/login', { username: 'alice', password: 'password' })
    expect((await pass(alice)).json['returnTo']).toBe('/account?tab=3')
  })

  test('gets a page asking for a login if no login page is configured', async () => {
    await app.close()
    app = await startTestApp({ secondFactor: { loginPath: undefined } })
    const answer = await app.browser().page('/account')
    expectRefusalPage(answer, 'login_required', 'Log in with your password first.')
    const router = await app.browser().page('/second-factor/')
    expectRefusalPage(router, 'login_required', 'Log in with your password first.')
  })

  test('is led from a stopped form to the challenge, which says why', async () => {
    const alice = await app.login('alice')
    const answer = await alice.submit('/transfer', { to: 'bob' })
    const page = await expectRefusedForm(alice, answer, /with a code first/)
    expect(page.text).toContain('action="/second-factor/verify"')
    expect(reasonOn(await alice.page(challengeUrl))).toBe('')
    const anonymous = await app.browser().submit('/transfer', { to: 'bob' })
    expectRefusalPage(anonymous, 'login_required', 'Log in with your password first.')
    expect(anonymous.text).toContain('href="/login"')
  })
})

describe('a step-up', () => {
  test('accepts a grant up to its maximum age; a new code renews it', async () => {
    const alice = await passed()
    app.clock.advance(300)
    expect((await alice.post('/transfer')).json).toEqual({ transferred: true })
    app.clock.advance(1)
    expectProblem(await alice.post('/transfer'), 'second_factor_stale', { challengeUrl })
    expect((await alice.get('/account')).status).toBe(200)
    await alice.post('/second-factor/challenge')
    await pass(alice)
    expect((await alice.post('/transfer')).status).toBe(200)
  })

  test('tolerates 30 s of clock skew and rejects grants from the future', async () => {
    const alice = await passed()
    app.clock.advance(-30)
    expect((await alice.post('/transfer')).status).toBe(200)
    app.clock.advance(-1)
    expectProblem(await alice.post('/transfer'), 'second_factor_required', { challengeUrl })
    expectProblem(await alice.get('/account'), 'second_factor_required', { challengeUrl })
  })

  test('leads a page request to the challenge and back', async () => {
    await app.close()
    app = await startTestApp({
      routes: (express, secondFactor) => {
        express.get('/vault', secondFactor.gate({ maxAgeSeconds: 60 }), (_req, res) => {
          res.send('gold')
        })
      },
    })
    const alice = await passed()
    app.clock.advance(61)
    expectRedirect(await alice.page('/vault?box=7'), challengeUrl)
    await alice.submit('/second-factor/challenge')
    const answer = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
    expect(answer.headers.get('location')).toBe('/vault?box=7')
    expect((await alice.page('/vault?box=7')).text).toBe('gold')
  })
})

describe('a grant ends', () => {
  const closed = async (browser: Browser) => (await browser.get('/account')).status !== 200

  test('at logout, also for a copy of the session', async () => {
    const alice = await passed()
    const copy = alice.copy()
    await alice.post('/logout')
    expect([await closed(alice), await closed(copy)]).toEqual([true, true])
    expect((await app.store.read('1'))?.grants).toEqual([])
  })

  test('at the next login in the same browser, by any user', async () => {
    const alice = await passed()
    await alice.post('/login', { username: 'bob', password: 'password' })
    expect(await closed(alice)).toBe(true)
    const again = await passed()
    await again.post('/login', { username: 'alice', password: 'password' })
    expect(await closed(again)).toBe(true)
  })

  test('with its lifetime', async () => {
    const alice = await passed()
    app.clock.advance(43_199)
    expect(await closed(alice)).toBe(false)
    app.clock.advance(1)
    expect(await closed(alice)).toBe(true)
  })

  test('at a revocation, in every session at once', async () => {
    const [first, second] = [await passed(), await passed()]
    const [alice] = app.users
    if (alice) await app.secondFactor.revoke(alice)
    expect([await closed(first), await closed(second)]).toEqual([true, true])
  })
})

test('a user whose second factor is waived passes every gate', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: { users: { id: ({ id }) => id, phone: () => null, isRequired: () => false } },
  })
  const alice = await app.login('alice')
  expect((await alice.get('/account')).json['secondFactor']).toMatchObject({ passed: false })
  expect((await alice.post('/transfer')).status).toBe(200)
  app.clock.advance(100_000)
  expect((await alice.get('/account')).status).toBe(200)
  expectProblem(await app.browser().get('/account'), 'login_required')
})

test('the challenge page is at the application’s mount path', async () => {
  await app.close()
  app = await startTestApp({ secondFactor: { mountPath: '/auth/2fa/' } })
  const alice = await app.login('alice')
  const url = { challengeUrl: '/auth/2fa/' }
  expectProblem(await alice.get('/account'), 'second_factor_required', url)
  expectRedirect(await alice.page('/account'), url.challengeUrl)
  expect((await alice.page('/second-factor/')).text).toContain('action="/auth/2fa/verify"')
})

test('each request through the gate costs one store read; with a cache, none while it is fresh', async () => {
  for (const [grantCacheSeconds, reads] of [
    [0, 3],
    [60, 1],
  ] as const) {
    let counted = 0
    const store = memoryStore()
    const counting = {
      ...store,
      read: (subject: string) => {
        counted += 1
        return store.read(subject)
      },
    }
    await app.close()
    app = await startTestApp({ secondFactor: { store: counting, grantCacheSeconds } })
    const alice = await passed()
    counted = 0
    for (let times = 0; times < 3; times += 1) await alice.get('/account')
    expect(counted).toBe(reads)
  }
})

test('without session() the gate refuses to work, and says what is missing', async () => {
  await app.close()
  app = await startTestApp({
    before: (express) => {
      express.get('/early', (req, res, next) => app.secondFactor.gate()(req, res, next))
    },
  })
  expect((await app.browser().get('/early')).status).toBe(500)
  expect(app.faults[0]).toBeInstanceOf(SessionError)
  expect(String(app.faults[0])).toContain('mount secondFactor.session() after passport.session()')
})
