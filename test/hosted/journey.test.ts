/**
 * A second factor whose codes Twilio creates, sends and judges: the whole journey, and our limits together with
 * Twilio's.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject, isIn, verify } from '../support/in-or-out.js'
import { failTimes } from '../support/misuse.js'
import { expectProblem, expectRefusedForm } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'

const alices = '+237671234567'
const challenge = '/second-factor/challenge'

let app: HostedApp
beforeEach(async () => {
  app = await startHostedApp()
})
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

/** Starts the application anew, under other limits. */
async function withPolicy(policy: object): Promise<void> {
  await app.close()
  app = await startHostedApp({ secondFactor: { policy } })
}

const view = (facts: object = {}) => ({
  ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••67' },
  ...{ codeLength: 6, attemptsLeft: 5, expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
  ...{ resendAt: app.clock.iso(30), resendInSeconds: 30, ...facts },
})

const wrong = (browser: Browser) => verify(browser, wrongCode(app.codeFor('alice')))

describe('the whole journey', () => {
  test('takes one start and one check from the password to the gated page', async () => {
    const browser = app.browser()
    const login = await browser.post('/login', { username: 'alice', password: 'password' })
    expect(login.json).toEqual({ next: '/second-factor/', challenge: view() })
    const { json } = await browser.get('/second-factor/')
    expect(json).toMatchObject({ passed: false, methods: ['sms'], challenge: view() })
    expect(await isIn(browser)).toBe(false)

    const code = app.codeFor('alice')
    const passed = await verify(browser, `${code.slice(0, 3)} ${code.slice(3)}`)
    expect([passed.status, passed.json]).toEqual([
      200,
      {
        ...{ status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
        ...{ passedAt: app.clock.iso(), expiresAt: app.clock.iso(43_200), returnTo: '/account' },
      },
    ])
    expect(await isIn(browser)).toBe(true)
    const { sid } = app.verification('alice')
    expect(app.asked()).toEqual({
      start: [{ To: alices, Channel: 'sms', DeviceIp: '127.0.0.1' }],
      check: [{ Code: code, VerificationSid: sid }],
      cancel: [],
    })
    expect(app.events.map(({ type }) => type)).toEqual(['challenge_sent', 'passed'])
    expect(app.events[0]).toMatchObject({ reference: sid, destination: '••••67', resent: false })
  })

  test('is the same with pages and forms', async () => {
    const browser = app.browser()
    await browser.submit('/login', { username: 'alice', password: 'password' })
    const refused = await browser.submit('/second-factor/verify', {
      code: wrongCode(app.codeFor('alice')),
    })
    const page = await expectRefusedForm(browser, refused, /^That code isn’t right/)
    expect(page.text).toContain('name="code"')
    const passed = await browser.submit('/second-factor/verify', { code: app.codeFor('alice') })
    expect([passed.status, passed.headers.get('location')]).toEqual([303, '/account'])
    expect(await isIn(browser)).toBe(true)
  })

  test('enrols a first phone, which is sent to Twilio and then stored by the application', async () => {
    const carol = await app.login('carol')
    const carols = '+14155550199'
    expect((await carol.post('/second-factor/phone', { phone: carols })).status).toBe(201)
    const { code } = app.twilio.verifications[0] ?? { code: '' }
    const answer = await carol.post('/second-factor/phone/verify', { code })
    expect(answer.json).toMatchObject({ status: 'verified', phone: '••••99', method: 'sms' })
    expect(app.users.find(({ username }) => username === 'carol')).toMatchObject({
      ...{ phone: carols, verified: true },
    })
    expect(await isIn(carol)).toBe(true)
    expect(app.asked().start).toMatchObject([{ To: carols }])
  })

  test('stores an id in the row, and no code', async () => {
    await app.login('alice')
    const { code, sid } = app.verification('alice')
    const row = await rowOf(app.store, alicesSubject)
    const { challenge } = phoneOf(row)
    expect(challenge).toMatchObject({ code: { owner: 'hosted', ref: sid }, destination: alices })
    expect(JSON.stringify(row)).not.toContain(code)
  })
})

describe('a wrong code', () => {
  test('returns the remaining attempts down to none; then not even the right one reaches Twilio', async () => {
    const browser = await app.login('alice')
    for (const attemptsLeft of [4, 3, 2, 1, 0]) {
      expectProblem(await wrong(browser), 'code_incorrect', { attemptsLeft })
    }
    expectProblem(await verify(browser, app.codeFor('alice')), 'attempts_exhausted', {
      ...{ attemptsLeft: 0, retryAt: app.clock.iso(30), retryAfterSeconds: 30 },
    })
    expect(app.asked().check).toHaveLength(5)
    expect(app.verification('alice').status).toBe('pending')
    expect(await isIn(browser)).toBe(false)
  })

  test.each(['12345', '1234567', '12345a', '', '１２３４５'])(
    'that is malformed costs neither an attempt nor a call: %j',
    async (code) => {
      const browser = await app.login('alice')
      expectProblem(await verify(browser, code), 'malformed_request')
      expect([app.asked().check, (await rowOf(app.store, alicesSubject)).failures]).toEqual([[], 0])
    },
  )

  test('is a failure like any other: the tenth in a row locks, and Twilio is no longer called', async () => {
    const browser = await app.login('alice')
    await failTimes(app, browser, 'alice', 10)
    app.asked()
    const facts = { retryAt: app.clock.iso(1800), retryAfterSeconds: 1800 }
    expectProblem(await verify(browser, app.codeFor('alice')), 'locked_out', facts)
    app.clock.advance(30)
    expect((await browser.post(challenge)).json).toMatchObject({ code: 'locked_out' })
    expect(app.asked()).toEqual({ start: [], check: [], cancel: [] })
    expect(app.events.filter(({ type }) => type === 'locked')).toHaveLength(1)
  })
})

describe('a resend', () => {
  test('keeps verification, code, attempts and expiry', async () => {
    const browser = await app.login('alice')
    const { sid, code } = app.verification('alice')
    await wrong(browser)
    app.clock.advance(30)
    const resent = await browser.post(challenge)
    const life = { expiresAt: app.clock.iso(270), expiresInSeconds: 270 }
    const next = { resendAt: app.clock.iso(60), resendInSeconds: 60 }
    expect([resent.status, resent.json]).toEqual([201, view({ attemptsLeft: 4, ...life, ...next })])
    expect(app.twilio.verifications).toHaveLength(1)
    expect(app.verification('alice')).toMatchObject({ sid, sends: 2 })
    expect(app.asked().cancel).toEqual([])
    expect((await verify(browser, code)).status).toBe(200)
  })
})

describe('our limits apply although Twilio’s are looser', () => {
  test('the shorter lifetime', async () => {
    const browser = await app.login('alice')
    app.clock.advance(310)
    expectProblem(await verify(browser, app.codeFor('alice')), 'code_expired')
    expect(app.asked().check).toEqual([])
    expect(await isIn(browser)).toBe(false)
  })

  test('a longer lifetime has no effect: Twilio ends its code after ten minutes', async () => {
    await withPolicy({ standards: 'relaxed', codeLifetimeSeconds: 3600, pendingSeconds: 3600 })
    const browser = await app.login('alice')
    app.clock.advance(600)
    expectProblem(await verify(browser, app.codeFor('alice')), 'code_expired')
  })

  test('the smaller number of attempts', async () => {
    await withPolicy({ maxAttempts: 2 })
    const browser = await app.login('alice')
    await wrong(browser)
    expectProblem(await wrong(browser), 'code_incorrect', { attemptsLeft: 0 })
    const { json } = await verify(browser, app.codeFor('alice'))
    expect(json['code']).toBe('attempts_exhausted')
    expect(app.asked().check).toHaveLength(2)
  })

  test('a larger number has no effect: Twilio judges five, and the next code is a new one', async () => {
    await withPolicy({ maxAttempts: 10 })
    const browser = await app.login('alice')
    const first = app.verification('alice')
    for (let guess = 0; guess < 5; guess += 1) await wrong(browser)
    expectProblem(await verify(browser, first.code), 'code_expired')
    expect((await rowOf(app.store, alicesSubject)).failures).toBe(5)
    expectProblem(await verify(browser, first.code), 'code_expired')
    expect(app.asked().check).toHaveLength(6)
    app.clock.advance(30)
    expect((await browser.post(challenge)).json).toEqual(
      view({ attemptsLeft: 10, resendAt: app.clock.iso(60), resendInSeconds: 60 }),
    )
    expect(app.verification('alice').sid).not.toBe(first.sid)
    expect((await verify(browser, app.codeFor('alice'))).status).toBe(200)
  })

  test('the wait between messages and the daily limit', async () => {
    await withPolicy({ sendsPerDay: 2 })
    const browser = await app.login('alice')
    const wait = { retryAt: app.clock.iso(30), retryAfterSeconds: 30 }
    expectProblem(await browser.post(challenge), 'cooldown', { ...wait, challenge: view() })
    app.clock.advance(30)
    await browser.post(challenge)
    app.clock.advance(60)
    expect((await browser.post(challenge)).json).toMatchObject({ code: 'send_limit' })
    expect(app.asked().start).toHaveLength(2)
  })
})

describe('the IP address of a request', () => {
  test.each([
    ['that of the socket, where no proxy is trusted', false, '127.0.0.1'],
    ['that which a trusted proxy gives', 1, '203.0.113.9'],
  ])('is %s', async (_name, trusts, DeviceIp) => {
    await app.close()
    app = await startHostedApp({ before: (server) => server.set('trust proxy', trusts) })
    const browser = app.browser()
    await browser.post('/password', { username: 'alice', password: 'password' })
    const headers = { accept: 'application/json', 'x-forwarded-for': '198.51.100.4, 203.0.113.9' }
    expect((await browser.ask(challenge, { method: 'POST', headers })).status).toBe(201)
    expect(app.asked().start).toMatchObject([{ DeviceIp }])
  })

  test('reaches Twilio’s rate limits as a keyed hash, and so does the user', async () => {
    await app.close()
    const limit = { limit: 1, intervalSeconds: 600 }
    app = await startHostedApp({
      standIn: { rateLimits: { per_user: limit, per_ip: { ...limit, limit: 5 } } },
      verify: { rateLimits: { per_user: 'subject', per_ip: 'ip' } },
    })
    const browser = await app.login('alice')
    await app.login('bob')
    const given = app
      .asked()
      .start.map(({ RateLimits = '{}' }) => JSON.parse(RateLimits) as Record<string, string>)
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as string
    expect(given).toEqual([
      { per_user: hash, per_ip: hash },
      { per_user: hash, per_ip: hash },
    ])
    expect(given[0]?.['per_ip']).toBe(given[1]?.['per_ip'])
    expect(given[0]?.['per_user']).not.toBe(given[1]?.['per_user'])
    app.clock.advance(30)
    expectProblem(await browser.post(challenge), 'delivery_unavailable', {
      ...{ retryAt: app.clock.iso(45), retryAfterSeconds: 45 },
    })
    expect((await verify(browser, app.codeFor('alice'))).status).toBe(200)
  })
})

test('a message is in the language of the user or the browser', async () => {
  const browser = app.browser()
  await browser.post('/password', { username: 'alice', password: 'password' })
  const headers = { accept: 'application/json', 'accept-language': 'fr-CM, en;q=0.5' }
  await browser.ask(challenge, { method: 'POST', headers })
  expect(app.asked().start).toMatchObject([{ Locale: 'fr' }])
})
