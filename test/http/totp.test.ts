/** An authenticator app over HTTP: set up, used, replaced and removed. */

import { describe, expect, test } from 'vitest'

import { appCode } from '../support/authenticator.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'

describe('an authenticator app', () => {
  test('is set up with the password alone and passes that session', async () => {
    await using app = await startHeldApp()
    const alice = await app.login('alice')
    const begun = await alice.post(`${mount}/factors/totp`, {})
    expect([begun.status, begun.json]).toEqual([
      201,
      {
        setup: expect.any(String) as string,
        secret: expect.stringMatching(/^[A-Z2-7]{32}$/) as string,
        uri: expect.stringMatching(/^otpauth:\/\/totp\/Example:alice\?/) as string,
        qr: expect.stringContaining('<svg') as string,
        expiresAt: app.clock.iso(600),
      },
    ])
    const { setup, secret } = begun.json as { setup: string; secret: string }
    const code = appCode(secret, app.clock.now)
    const confirmed = await alice.post(`${mount}/factors/totp/confirm`, { setup, code })
    expect([confirmed.status, confirmed.json]).toEqual([
      200,
      {
        status: 'enrolled',
        kind: 'totp',
        id: expect.any(String) as string,
        method: 'totp',
        amr: ['pwd', 'otp', 'mfa'],
        aal: 2,
        phishingResistant: false,
        passedAt: app.clock.iso(),
        expiresAt: app.clock.iso(43_200),
        returnTo: '/account',
      },
    ])
    expect((await alice.get('/account')).json).toMatchObject({ account: 'alice' })
  })

  test('is asked for at the next login, with nothing sent', async () => {
    await using app = await startHeldApp()
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const again = await app.login('alice')
    const status = await again.get(`${mount}/`)
    expect(status.json).toMatchObject({ suggested: 'totp', methods: ['totp'], aal: 1 })
    const right = await again.post(`${mount}/verify`, { code: code() })
    expect([right.status, right.json]).toEqual([
      200,
      expect.objectContaining({ status: 'passed', amr: ['pwd', 'otp', 'mfa'] }),
    ])
  })

  test('is listed, renamed and removed after a fresh code', async () => {
    await using app = await startHeldApp({ enrolment: { when: 'optional' } })
    const { browser } = await setUpApp(app)
    const list = await browser.get(`${mount}/factors`)
    expect(list.json).toEqual({
      factors: [
        {
          id: expect.any(String) as string,
          kind: 'totp',
          name: 'Authenticator app',
          addedAt: app.clock.iso(),
          usedAt: null,
          usable: true,
        },
      ],
      canRemoveLast: true,
    })
    const { id } = (list.json as { factors: [{ id: string }] }).factors[0]
    const renamed = await browser.post(`${mount}/factors/${id}/rename`, { name: 'My phone' })
    expect(renamed.json).toMatchObject({ id, name: 'My phone' })
    const removed = await browser.delete(`${mount}/factors/${id}`)
    expect(removed.status).toBe(204)
    expect(app.remembered.has(1)).toBe(false)
    expect((await browser.get(`${mount}/factors`)).json).toMatchObject({ factors: [] })
  })
})

describe('recovery codes', () => {
  test('let in a user who has lost the app, each once', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const codes = await setUpCodes(browser)
    expect(codes).toHaveLength(10)
    const again = await app.login('alice')
    const right = await again.post(`${mount}/verify`, { method: 'recovery-code', code: codes[0] })
    expect([right.status, right.json]).toEqual([
      200,
      expect.objectContaining({ status: 'passed', method: 'recovery-code', recoveryCodesLeft: 9 }),
    ])
    const twice = await app.login('alice')
    const used = await twice.post(`${mount}/verify`, { method: 'recovery-code', code: codes[0] })
    expect([used.status, used.json]).toEqual([403, expect.objectContaining({ code: 'code_used' })])
  })
})
