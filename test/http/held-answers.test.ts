/** The JSON of held factors, field by field: what clients can rely on, and nothing else. */

import { describe, expect, test } from 'vitest'

import { defaultPolicy } from '../../src/index.js'
import { appCode } from '../support/authenticator.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'
import {
  giveApp,
  giveRecovery,
  setUpBesideMessages,
  startWithMessages,
  expectBody,
} from '../support/held-deeds.js'

const anyText = expect.any(String) as string
const anId = expect.stringMatching(/^[\w-]{22}$/) as string

const strength = { aal: 2, phishingResistant: false }

describe('a session that has passed', () => {
  test('by the app', async () => {
    await using app = await startHeldApp()
    const { browser, code } = await setUpApp(app)
    await setUpCodes(browser)
    app.clock.advance(60)
    const jar = await app.login('alice')
    const passed = {
      method: 'totp',
      amr: ['pwd', 'otp', 'mfa'],
      ...strength,
      passedAt: app.clock.iso(),
      expiresAt: app.clock.iso(defaultPolicy.grantLifetimeSeconds),
    }
    expectBody(await giveApp(jar, code()), 200, {
      status: 'passed',
      ...passed,
      recoveryCodesLeft: 10,
      returnTo: '/account',
    })
    expectBody(await jar.get(`${mount}/`), 200, {
      ...{ authenticated: true, passed: true, required: true, method: 'totp' },
      ...{ passedAt: passed.passedAt, expiresAt: passed.expiresAt },
      ...{ methods: ['totp', 'recovery-code'], suggested: 'totp', aal: 2 },
      enrolment: { required: true, by: null, held: ['totp'] },
      recoveryCodesLeft: 10,
      ...{ challenge: null, locked: false, lockedUntil: null },
    })
    const { method, amr, passedAt } = passed
    expect((await jar.get('/account')).json).toEqual({
      account: 'alice',
      secondFactor: { passed: true, method, amr, passedAt, aal: 2 },
    })
  })

  test('by a recovery code', async () => {
    await using app = await startHeldApp()
    const { browser } = await setUpApp(app)
    const codes = await setUpCodes(browser)
    expectBody(await giveRecovery(await app.login('alice'), codes[0]), 200, {
      status: 'passed',
      method: 'recovery-code',
      amr: ['pwd', 'otp', 'mfa'],
      ...strength,
      passedAt: app.clock.iso(),
      expiresAt: app.clock.iso(defaultPolicy.grantLifetimeSeconds),
      recoveryCodesLeft: 9,
      returnTo: '/account',
    })
  })

  test('by a message, beside an app', async () => {
    await using app = await startWithMessages()
    await setUpBesideMessages(app)
    const jar = await app.login('alice')
    await jar.post(`${mount}/challenge`, { method: 'sms' })
    const code = app.inbox.inbox()[0]?.code
    expectBody(await jar.post(`${mount}/verify`, { method: 'sms', code }), 200, {
      status: 'passed',
      method: 'sms',
      amr: ['pwd', 'otp', 'sms', 'mfa'],
      ...strength,
      passedAt: app.clock.iso(),
      expiresAt: app.clock.iso(defaultPolicy.grantLifetimeSeconds),
      returnTo: '/account',
    })
  })
})

describe('setup', () => {
  test('of an app returns the secret, its URI, its QR code and the token', async () => {
    await using app = await startHeldApp()
    const jar = await app.login('alice')
    const begun = await jar.post(`${mount}/factors/totp`, {})
    const { secret, setup } = begun.json as { secret: string; setup: string }
    expectBody(begun, 201, {
      setup: anyText,
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/) as string,
      uri: `otpauth://totp/Example:alice?secret=${secret}&issuer=Example`,
      qr: expect.stringMatching(/^<svg[\s\S]*<\/svg>$/) as string,
      expiresAt: app.clock.iso(600),
    })
    const confirmed = await jar.post(`${mount}/factors/totp/confirm`, {
      ...{ setup, code: appCode(secret, app.clock.now), name: '  Work\nphone  ' },
    })
    expectBody(confirmed, 200, {
      status: 'enrolled',
      kind: 'totp',
      id: anId,
      method: 'totp',
      amr: ['pwd', 'otp', 'mfa'],
      ...strength,
      passedAt: app.clock.iso(),
      expiresAt: app.clock.iso(defaultPolicy.grantLifetimeSeconds),
      returnTo: '/account',
    })
    expectBody(await jar.get(`${mount}/factors`), 200, {
      factors: [
        {
          id: confirmed.json['id'],
          kind: 'totp',
          name: 'Work phone',
          addedAt: app.clock.iso(),
          usedAt: null,
          usable: true,
        },
      ],
      canRemoveLast: false,
    })
  })

  test('of recovery codes returns the list once, and afterwards only a count', async () => {
    await using app = await startHeldApp({ trustedDevices: { acceptAal1: true } })
    const { browser, code } = await setUpApp(app)
    const begun = await browser.post(`${mount}/factors/recovery`, {})
    const spelled = expect.stringMatching(
      /^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/,
    ) as string
    expectBody(begun, 201, {
      setup: anyText,
      codes: Array.from({ length: 10 }, () => spelled),
      expiresAt: app.clock.iso(600),
    })
    const { setup, codes } = begun.json as { setup: string; codes: string[] }
    expect(new Set(codes).size).toBe(10)
    const file = await browser.post(`${mount}/factors/recovery/file`, { setup })
    expect([file.status, file.headers.get('content-type')]).toEqual([
      200,
      'text/plain; charset=utf-8',
    ])
    expect(file.headers.get('content-disposition')).toMatch(
      /^attachment; filename="?recovery-codes\.txt"?$/,
    )
    expect(file.headers.get('cache-control')).toBe('no-store')
    expect(file.text.trim().split('\n').slice(-10)).toEqual(codes)
    const confirmed = await browser.post(`${mount}/factors/recovery/confirm`, { setup })
    expect([confirmed.status, confirmed.json]).toEqual([
      200,
      expect.objectContaining({ status: 'enrolled', kind: 'recovery' }),
    ])
    app.clock.advance(60)
    const jar = await app.login('alice')
    await giveApp(jar, code(), { trustDevice: true })
    expectBody(await jar.get(`${mount}/factors`), 200, {
      factors: [
        {
          id: anId,
          kind: 'totp',
          name: 'Authenticator app',
          addedAt: app.clock.iso(-60),
          usedAt: app.clock.iso(),
          usable: true,
        },
      ],
      recoveryCodesLeft: 10,
      devices: [
        {
          id: anId,
          name: anyText,
          trustedAt: app.clock.iso(),
          usedAt: app.clock.iso(),
          expiresAt: app.clock.iso(30 * 86_400),
          current: true,
        },
      ],
      canRemoveLast: false,
    })
  })
})
