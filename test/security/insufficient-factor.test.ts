/**
 * The attacker has passed by the victim's weakest factor (a message to a SIM-swapped phone, a recovery code, a trusted
 * browser) and wants to reach what needs a stronger one.
 */

import { describe, expect, test } from 'vitest'

import { recoveryCodes, totp, type GateOptions, type SecondFactor } from '../../src/index.js'
import { appCode } from '../support/authenticator.js'
import type { Person } from '../support/held-app.js'
import { mount, setUpApp, setUpCodes, startHeldApp } from '../support/held-app.js'
import {
  beginApp,
  confirmApp,
  giveApp,
  giveRecovery,
  outcomeIn,
  startWithMessages,
} from '../support/held-deeds.js'
import { passkeys } from '../../src/factors/passkeys/index.js'
import type { Express } from 'express'
import { openTrusted, isAsked } from '../support/trusted-browser.js'
import { ConfigurationError } from '../../src/core/errors.js'
import { setUpBesideMessages } from '../support/held-deeds.js'
import { addPasskey } from '../support/passkey-app.js'
import { SoftwarePasskey } from '../support/software-passkey.js'

const routes = (app: Express, secondFactor: SecondFactor<Person>) => {
  const gate = (options: GateOptions) => secondFactor.gate(options)
  app.post('/admin', gate({ factors: ['totp'] }), (_req, res) => res.json({ admin: true }))
  app.get('/admin', gate({ factors: ['totp'] }), (_req, res) => res.json({ admin: true }))
  app.post('/payout', gate({ factors: ['totp'], maxAgeSeconds: 300 }), (_req, res) =>
    res.json({ paid: true }),
  )
}

test('a session that passed by message cannot reach a route that requires the app, and learns what would do', async () => {
  await using app = await startWithMessages({}, { routes })
  const { code } = await setUpBesideMessages(app)
  app.clock.advance(60)
  const jar = await app.login('alice')
  expect((await jar.post(`${mount}/challenge`, { method: 'sms' })).status).toBe(201)
  const sent = app.inbox.inbox()[0]?.code
  expect(outcomeIn(await jar.post(`${mount}/verify`, { method: 'sms', code: sent }))).toBe('passed')
  const refused = await jar.post('/admin')
  expect([refused.status, refused.json]).toEqual([
    403,
    expect.objectContaining({
      code: 'second_factor_insufficient',
      methods: ['totp'],
      challengeUrl: `${mount}/`,
    }),
  ])
  expect(refused.json).not.toHaveProperty('enrolUrl')

  // A browser is led to the app's page, which leads back.
  const page = await jar.page('/admin')
  expect([page.status, page.headers.get('location')]).toEqual([303, `${mount}/`])
  expect((await jar.page(`${mount}/`)).text).toContain('value="totp"')
  const passed = await jar.submit(`${mount}/verify`, { method: 'totp', code: code() })
  expect(passed.headers.get('location')).toBe('/admin')
  expect((await jar.post('/admin')).json).toEqual({ admin: true })
})

describe('after passing by app and then by message', () => {
  test('both count, each for as long as it is recent', async () => {
    await using app = await startWithMessages({}, { routes })
    const { code } = await setUpBesideMessages(app)
    app.clock.advance(60)
    const jar = await app.login('alice')
    await giveApp(jar, code())
    app.clock.advance(200)
    expect((await jar.post(`${mount}/challenge`, { method: 'sms' })).status).toBe(201)
    const sent = app.inbox.inbox()[0]?.code
    expect(outcomeIn(await jar.post(`${mount}/verify`, { method: 'sms', code: sent }))).toBe(
      'passed',
    )
    expect((await jar.post('/admin')).status).toBe(200)
    expect((await jar.post('/payout')).status).toBe(200)
    app.clock.advance(101)
    expect((await jar.post('/admin')).status).toBe(200)
    const stale = await jar.post('/payout')
    expect([stale.status, stale.json]).toEqual([
      403,
      expect.objectContaining({ code: 'second_factor_stale', methods: ['totp'] }),
    ])
    // The message is recent all the same.
    expect((await jar.post('/transfer')).status).toBe(200)
  })
})

test('a gate by kind is as strong as the weakest factor that allows enrolment: a fresh message adds an app or a passkey', async () => {
  const rp = { rpId: 'example.com' }
  await using app = await startWithMessages(
    { factors: [passkeys(rp), totp(), recoveryCodes()] },
    {
      routes(server, secondFactor) {
        routes(server, secondFactor)
        server.post(
          '/wire',
          secondFactor.gate({ phishingResistant: true, maxAgeSeconds: 300 }),
          (_req, res) => res.json({ wired: true }),
        )
      },
    },
  )
  const { code } = await setUpBesideMessages(app)
  app.clock.advance(60)
  const attacker = await app.login('alice')
  expect((await attacker.post(`${mount}/challenge`, { method: 'sms' })).status).toBe(201)
  const sent = app.inbox.inbox()[0]?.code
  await attacker.post(`${mount}/verify`, { method: 'sms', code: sent })
  for (const path of ['/payout', '/wire']) {
    expect(outcomeIn(await attacker.post(path))).toBe('second_factor_insufficient')
  }
  await addPasskey(attacker, new SoftwarePasskey())
  expect((await attacker.post('/wire')).json).toEqual({ wired: true })
  expect(outcomeIn(await attacker.post('/payout'))).toBe('second_factor_insufficient')
  const { setup, secret } = await beginApp(attacker)
  const own = appCode(secret, app.clock.now)
  expect(outcomeIn(await confirmApp(attacker, setup, own))).toBe('enrolled')
  expect((await attacker.post('/payout')).json).toEqual({ paid: true })

  // The app took the place of the owner's. Operators hear of both.
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(await app.login('alice'), code()))).toBe('code_incorrect')
  const added = app.events.flatMap((event) => (event.type === 'factor_added' ? [event.kind] : []))
  expect(added).toEqual(['totp', 'passkey', 'totp'])
})

test('a recovery code opens no route that requires the app', async () => {
  await using app = await startHeldApp({}, { routes })
  const { browser } = await setUpApp(app)
  const codes = await setUpCodes(browser)
  const jar = await app.login('alice')
  expect(outcomeIn(await giveRecovery(jar, codes[0]))).toBe('passed')
  expect(outcomeIn(await jar.post('/admin'))).toBe('second_factor_insufficient')
  expect((await jar.post('/transfer')).status).toBe(200)
})

test('a trusted browser opens none either', async () => {
  await using scene = await openTrusted({}, { routes })
  const { device } = scene
  expect(await isAsked(device)).toBe(false)
  expect(outcomeIn(await device.post('/admin'))).toBe('second_factor_insufficient')
  expect(outcomeIn(await device.post('/payout'))).toBe('second_factor_insufficient')
})

test('a person without a suitable factor is led to enrol one', async () => {
  await using app = await startWithMessages({}, { routes })
  const jar = await app.login('alice')
  await jar.post(`${mount}/verify`, { code: app.inbox.inbox()[0]?.code })
  expect((await jar.post('/admin')).json).toMatchObject({
    code: 'second_factor_insufficient',
    methods: ['totp'],
    enrolUrl: `${mount}/factors`,
  })
})

test('waiving the second factor opens no such route', async () => {
  await using app = await startHeldApp(
    {
      enrolment: { when: 'optional', graceSeconds: 86_400 },
      users: {
        id: ({ id }) => id,
        isRequired: () => false,
        hasFactors: () => false,
        setHasFactors: () => undefined,
      },
    },
    { routes },
  )
  const jar = await app.login('alice')
  expect((await jar.get('/account')).status).toBe(200)
  for (const path of ['/admin', '/payout', '/transfer']) {
    const answer = await jar.post(path)
    expect([path, answer.status, outcomeIn(answer)]).toEqual([path, 403, 'second_factor_required'])
  }
})

test('a gate that nobody could pass is rejected when it is made', async () => {
  await using app = await startHeldApp()
  for (const options of [
    { factors: [] },
    { factors: ['passkey'] },
    { factors: ['trusted-device'] },
    { factors: 'totp' as never },
    { factors: [null as never] },
    { phishingResistant: true },
    { factor: ['totp'] } as never,
  ]) {
    expect(() => app.secondFactor.gate(options)).toThrow(ConfigurationError)
  }
  await using other = await startHeldApp({
    factors: [passkeys({ rpId: 'example.com' }), totp(), recoveryCodes()],
  })
  expect(() => other.secondFactor.gate({ phishingResistant: true })).not.toThrow()
  expect(() => other.secondFactor.gate({ phishingResistant: true, factors: ['totp'] })).toThrow(
    ConfigurationError,
  )
})
