/** `GET {mount}/`: the state of a session, field by field. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { failTimes, roomyPolicy } from '../support/misuse.js'
import { expectProblem } from '../support/problem.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

/** The status of somebody who logged in and has done nothing since. */
const untouched = {
  authenticated: true,
  passed: false,
  required: true,
  method: null,
  passedAt: null,
  expiresAt: null,
  methods: ['sms'],
  challenge: null,
  locked: false,
  lockedUntil: null,
}

async function statusOf(browser: Browser): Promise<Record<string, unknown>> {
  const answer = await browser.get('/second-factor/')
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
  return answer.json
}

test('is refused without a login', async () => {
  expectProblem(await app.browser().get('/second-factor/'), 'login_required')
})

test('shows the challenge after the login, and reading it sends and changes nothing', async () => {
  const alice = await app.login('alice')
  const row = await app.store.read('1')
  app.clock.advance(10)
  const first = await statusOf(alice)
  expect(first).toEqual({
    ...untouched,
    challenge: {
      status: 'pending',
      method: 'sms',
      channel: 'sms',
      destination: '••••67',
      codeLength: 6,
      attemptsLeft: 5,
      expiresAt: app.clock.iso(290),
      expiresInSeconds: 290,
      resendAt: app.clock.iso(20),
      resendInSeconds: 20,
    },
  })
  expect(await statusOf(alice)).toEqual(first)
  expect((await alice.page('/second-factor/')).status).toBe(200)
  expect(app.inbox.inbox()).toHaveLength(1)
  expect(await app.store.read('1')).toEqual(row)
})

test('is served at the mount path with and without the slash', async () => {
  const alice = await app.login('alice')
  expect((await alice.get('/second-factor')).json).toEqual(await statusOf(alice))
})

test('a user without a phone has no method', async () => {
  const carol = await app.login('carol')
  expect(await statusOf(carol)).toEqual({ ...untouched, methods: [] })
})

describe('the challenge', () => {
  test('counts down, and is gone once it has finally expired', async () => {
    const alice = await app.login('alice')
    await alice.post('/second-factor/verify', { code: wrongCode(app.codeFor('alice')) })
    app.clock.advance(299.001)
    expect((await statusOf(alice))['challenge']).toMatchObject({
      ...{ attemptsLeft: 4, expiresInSeconds: 1 },
      ...{ resendAt: app.clock.iso(), resendInSeconds: 0 },
    })
    app.clock.advance(5)
    expect((await statusOf(alice))['challenge']).toMatchObject({ expiresInSeconds: 0 })
    app.clock.advance(6)
    expect(await statusOf(alice)).toEqual(untouched)
  })

  test('stays with no attempts left when they are used up', async () => {
    const alice = await app.login('alice')
    const code = wrongCode(app.codeFor('alice'))
    for (let tries = 0; tries < 5; tries += 1) await alice.post('/second-factor/verify', { code })
    expect((await statusOf(alice))['challenge']).toMatchObject({ attemptsLeft: 0 })
  })

  test('is shown only to the session that asked for it', async () => {
    const older = await app.login('alice')
    const newer = await app.login('alice')
    expect((await statusOf(older))['challenge']).not.toBeNull()
    expect(await statusOf(newer)).toEqual(untouched)
    app.clock.advance(30)
    await newer.post('/second-factor/challenge')
    expect(await statusOf(older)).toEqual(untouched)
    expect((await statusOf(newer))['challenge']).not.toBeNull()
  })
})

describe('a session that has passed', () => {
  const passed = {
    ...untouched,
    ...{ passed: true, method: 'sms' },
    passedAt: '2026-01-01T00:01:00.000Z',
    expiresAt: '2026-01-01T12:01:00.000Z',
  }
  let alice: Browser
  beforeEach(async () => {
    alice = await app.login('alice')
    app.clock.advance(60)
    await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  })

  test('shows since when and until when', async () => {
    expect(await statusOf(alice)).toEqual(passed)
  })

  test('stays passed during a new challenge', async () => {
    const asked = await alice.post('/second-factor/challenge')
    expect(asked.status).toBe(201)
    expect(await statusOf(alice)).toEqual({ ...passed, challenge: asked.json })
  })

  test('has to log in again when its grant has expired', async () => {
    app.clock.advance(12 * 3600)
    expectProblem(await alice.get('/second-factor/'), 'login_required')
  })
})

describe('a locked user', () => {
  test('sees until when', async () => {
    await app.close()
    app = await startTestApp({ secondFactor: { policy: roomyPolicy } })
    const alice = await app.login('alice')
    const challenge = (await statusOf(alice))['challenge']
    await failTimes(app, alice, 'alice', 10)
    const locked = { ...untouched, locked: true, lockedUntil: app.clock.iso(1800) }
    const exhausted = { ...(challenge as object), attemptsLeft: 0 }
    expect(await statusOf(alice)).toEqual({ ...locked, challenge: exhausted })
    const other = await app.login('alice')
    expect(await statusOf(other)).toEqual(locked)
    app.clock.advance(1800)
    expect(await statusOf(other)).toEqual(untouched)
  })

  test('sees no end at the hard stop', async () => {
    await app.close()
    app = await startTestApp({ secondFactor: { policy: { ...roomyPolicy, hardStopFailures: 3 } } })
    const alice = await app.login('alice')
    await failTimes(app, alice, 'alice', 3)
    app.clock.advance(1000)
    expect(await statusOf(alice)).toEqual({ ...untouched, locked: true })
  })
})

test('a user whose second factor is waived sees that none is required', async () => {
  await app.close()
  app = await startTestApp({
    secondFactor: {
      users: {
        id: (user) => user.id,
        phone: (user) => user.phone,
        isRequired: (user) => user.username !== 'alice',
      },
    },
  })
  expect(await statusOf(await app.login('alice'))).toEqual({ ...untouched, required: false })
  expect((await statusOf(await app.login('bob')))['required']).toBe(true)
})

test('an impossible phone on record offers no method, and no way around it', async () => {
  const carol = app.users.find(({ username }) => username === 'carol')
  if (carol) Object.assign(carol, { phone: '+1 555', verified: true })
  const browser = await app.login('carol')
  expect((await statusOf(browser))['methods']).toEqual([])
  expect((await browser.page('/second-factor/')).text).not.toContain(
    'action="/second-factor/phone"',
  )
  expectProblem(await browser.post('/second-factor/challenge'), 'destination_invalid')
  expectProblem(
    await browser.post('/second-factor/phone', { phone: '+237671234567' }),
    'second_factor_required',
    { challengeUrl: '/second-factor/' },
  )
})
