/** The calls without a request, and how they interact with sessions of the same user. */

import { createServer } from 'node:http'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import { wrongCode } from '../support/codes.js'

let app: TestApp
let alice: TestUser
beforeEach(async () => {
  app = await startTestApp()
  const user = app.users.find(({ username }) => username === 'alice')
  if (!user) throw new Error('nobody there')
  alice = user
})
afterEach(() => app.close())

const at = (seconds = 0) => new Date(app.clock.now + seconds * 1000)
const view = () => ({
  ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••67' },
  ...{ codeLength: 6, attemptsLeft: 5, expiresAt: at(300), expiresInSeconds: 300 },
  ...{ resendAt: at(30), resendInSeconds: 30 },
})
const untouched = {
  ...{ challenge: null, failures: 0, locked: false, lockedUntil: null },
  ...{ nextSendAt: null, sends: 0 },
}

describe('start', () => {
  test('sends a code, and resends the same one while it is valid', async () => {
    const started = await app.secondFactor.start(alice)
    expect(started).toEqual(view())
    app.clock.advance(30)
    const expiresAt = 'expiresAt' in started ? started.expiresAt : null
    expect(await app.secondFactor.start(alice)).toMatchObject({ expiresAt, expiresInSeconds: 270 })
    const codes = app.inbox.inbox().map(({ code }) => code)
    expect(codes).toEqual([codes[0], codes[0]])
  })

  test('returns refusals as values', async () => {
    await app.secondFactor.start(alice)
    expect(await app.secondFactor.start(alice)).toEqual({
      ...{ status: 'refused', code: 'cooldown', retryAt: at(30), retryAfterSeconds: 30 },
      challenge: view(),
    })
    const carol = app.users.find(({ username }) => username === 'carol')
    expect(carol && (await app.secondFactor.start(carol))).toEqual({
      ...{ status: 'refused', code: 'destination_missing' },
    })
  })
})

describe('verify', () => {
  test('judges a code within the limits shared with the user’s sessions', async () => {
    await app.secondFactor.start(alice)
    const code = app.codeFor('alice')
    expect(await app.secondFactor.verify(alice, wrongCode(code))).toEqual({
      ...{ status: 'refused', code: 'code_incorrect', attemptsLeft: 4 },
    })
    expect(await app.secondFactor.verify(alice, '12 34')).toEqual({
      ...{ status: 'refused', code: 'malformed_request' },
    })
    expect(await app.secondFactor.verify(alice, code)).toEqual({
      ...{ status: 'passed', method: 'sms', amr: ['pwd', 'otp', 'sms', 'mfa'] },
      ...{ passedAt: at(), expiresAt: at(43_200) },
    })
    expect(await app.secondFactor.verify(alice, code)).toEqual({
      ...{ status: 'refused', code: 'no_challenge' },
    })
  })

  test('passes no session', async () => {
    const browser = await app.login('alice')
    await app.secondFactor.verify(alice, app.codeFor('alice'))
    expect((await browser.get('/account')).status).toBe(403)
    expect((await app.store.read('1'))?.grants).toEqual([])
  })
})

describe('status', () => {
  test('returns the user’s state, whichever session asked', async () => {
    expect(await app.secondFactor.status(alice)).toEqual(untouched)
    const browser = await app.login('alice')
    const code = wrongCode(app.codeFor('alice'))
    await browser.post('/second-factor/verify', { code })
    expect(await app.secondFactor.status(alice)).toEqual({
      ...{ ...untouched, failures: 1, nextSendAt: at(30), sends: 1 },
      challenge: { ...view(), attemptsLeft: 4 },
    })
    app.clock.advance(310)
    expect(await app.secondFactor.status(alice)).toEqual({ ...untouched, failures: 1, sends: 1 })
  })

  test('reports a lock and the hard stop', async () => {
    await app.close()
    app = await startTestApp({
      secondFactor: { policy: { lockAfterFailures: 1, hardStopFailures: 2 } },
    })
    await app.secondFactor.start(alice)
    const code = wrongCode(app.codeFor('alice'))
    await app.secondFactor.verify(alice, code)
    expect(await app.secondFactor.status(alice)).toMatchObject({
      ...{ failures: 1, locked: true, lockedUntil: at(1800) },
    })
    app.clock.advance(1800)
    await app.secondFactor.start(alice)
    await app.secondFactor.verify(alice, wrongCode(app.codeFor('alice')))
    expect(await app.secondFactor.status(alice)).toMatchObject({
      ...{ failures: 2, locked: true, lockedUntil: null },
    })
  })
})

describe('an operator', () => {
  test('resets a user at the hard stop and keeps the grants', async () => {
    await app.close()
    app = await startTestApp({ secondFactor: { policy: { hardStopFailures: 1 } } })
    const before = await app.login('alice')
    await before.post('/second-factor/verify', { code: app.codeFor('alice') })
    const browser = await app.login('alice')
    await browser.post('/second-factor/verify', { code: wrongCode(app.codeFor('alice')) })
    await app.secondFactor.reset(alice)
    expect(await app.secondFactor.status(alice)).toEqual(untouched)
    expect((await before.get('/account')).status).toBe(200)
    expect((await browser.post('/second-factor/challenge')).status).toBe(201)
    const code = app.codeFor('alice')
    expect((await browser.post('/second-factor/verify', { code })).status).toBe(200)
  })

  test('revokes every grant and the pending challenge', async () => {
    const browser = await app.login('alice')
    await browser.post('/second-factor/verify', { code: app.codeFor('alice') })
    await browser.post('/second-factor/challenge')
    await app.secondFactor.revoke(alice)
    expect((await browser.get('/account')).status).toBe(403)
    const code = app.codeFor('alice')
    const answer = await browser.post('/second-factor/verify', { code })
    expect(answer.json['code']).toBe('no_challenge')
  })
})

describe('check', () => {
  test('returns what a gate would decide, and lets nobody through itself', async () => {
    await app.close()
    app = await startTestApp({
      routes: (express, secondFactor) => {
        express.get('/check', async (req, res, next) => {
          try {
            res.json(await secondFactor.check(req))
          } catch (error) {
            next(error)
          }
        })
      },
    })
    const nobody = { passed: false, method: null, passedAt: null, amr: [] }
    expect((await app.browser().get('/check')).json).toEqual(nobody)
    const browser = await app.login('alice')
    expect((await browser.get('/check')).json).toEqual({ ...nobody, amr: ['pwd'] })
    await browser.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect((await browser.get('/check')).json).toEqual({
      ...{ passed: true, method: 'sms', passedAt: app.clock.iso() },
      amr: ['pwd', 'otp', 'sms', 'mfa'],
    })
    await app.secondFactor.revoke(alice)
    expect((await browser.get('/check')).json).toEqual({ ...nobody, amr: ['pwd'] })
  })

  test('reports not passed for a request without a session', async () => {
    const server = createServer()
    const request = new Promise((resolve) => {
      server.on('request', (req, res) => {
        resolve(app.secondFactor.check(req).catch((error: unknown) => error))
        res.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    await fetch(`http://127.0.0.1:${port ?? 0}/`)
    expect(await request).toMatchObject({ passed: false, amr: [] })
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})
