/** A person's whole journey: password, code, page; and the response to each step. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { wrongCode } from '../support/codes.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp()
})
afterEach(() => app.close())

describe('a person who knows the password and holds the phone', () => {
  test('reaches the gated page after the code and not before', async () => {
    const alice = app.browser()
    const login = await alice.post('/login', { username: 'alice', password: 'password' })
    expect(login.status).toBe(200)
    expect(login.json).toEqual({
      next: '/second-factor/',
      challenge: {
        status: 'pending',
        method: 'sms',
        channel: 'sms',
        destination: '••••67',
        codeLength: 6,
        attemptsLeft: 5,
        expiresAt: '2026-01-01T00:05:00.000Z',
        expiresInSeconds: 300,
        resendAt: '2026-01-01T00:00:30.000Z',
        resendInSeconds: 30,
      },
    })
    const closed = await alice.get('/account')
    expect(closed.status).toBe(403)
    expect(closed.json).toMatchObject({
      code: 'second_factor_required',
      challengeUrl: '/second-factor/',
    })

    const passed = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect(passed.status).toBe(200)
    expect(passed.json).toEqual({
      status: 'passed',
      method: 'sms',
      amr: ['pwd', 'otp', 'sms', 'mfa'],
      passedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T12:00:00.000Z',
      returnTo: '/account',
    })
    const open = await alice.get('/account')
    expect(open.status).toBe(200)
    expect(open.json['account']).toBe('alice')
  })

  test('gets through the pages without JavaScript and returns to the page that sent them', async () => {
    const alice = app.browser()
    expect((await alice.page('/account?tab=2')).headers.get('location')).toBe('/login')
    const login = await alice.submit('/login', { username: 'alice', password: 'password' })
    expect([login.status, login.headers.get('location')]).toEqual([303, '/second-factor/'])
    const gate = await alice.page('/account?tab=2')
    expect([gate.status, gate.headers.get('location')]).toEqual([303, '/second-factor/'])
    const page = await alice.page('/second-factor/')
    expect(page.text).toContain('autocomplete="one-time-code"')
    const wrong = await alice.submit('/second-factor/verify', {
      code: wrongCode(app.codeFor('alice')),
    })
    expect([wrong.status, wrong.headers.get('location')]).toEqual([303, '/second-factor/'])
    expect((await alice.page('/second-factor/')).text).toContain('You have 4 tries left')
    const right = await alice.submit('/second-factor/verify', { code: app.codeFor('alice') })
    expect([right.status, right.headers.get('location')]).toEqual([303, '/account?tab=2'])
    expect((await alice.page('/account?tab=2')).status).toBe(200)
  })
})
