/** An application without a column for phones: the verified phone is stored with the other factors. */

import { describe, expect, test } from 'vitest'

import { consoleSender, recoveryCodes, totp } from '../../src/index.js'
import { appCode } from '../support/authenticator.js'
import type { Browser } from '../support/browser.js'
import { mount, setUpApp, startHeldApp } from '../support/held-app.js'

const phone = '+237671234567'

function sending() {
  const sender = consoleSender({ print: () => undefined })
  const lastCode = () => sender.inbox()[0]?.code ?? ''
  return { sender, lastCode }
}

async function verifyPhone(browser: Browser, lastCode: () => string, number = phone) {
  const started = await browser.post(`${mount}/phone`, { phone: number })
  expect(started.status).toBe(201)
  return browser.post(`${mount}/phone/verify`, { code: lastCode() })
}

describe('a phone that the application does not store', () => {
  test('is enrolled with the password alone and used at the next login', async () => {
    const { sender, lastCode } = sending()
    await using app = await startHeldApp({ sender, factors: [] })
    const alice = await app.login('alice')
    const verified = await verifyPhone(alice, lastCode)
    expect(verified.json).toMatchObject({ status: 'verified', phone: '••••67', method: 'sms' })
    expect(app.remembered.has(1)).toBe(true)
    app.clock.advance(3600)
    const again = app.browser()
    const login = await again.post('/login', { username: 'alice', password: 'password' })
    expect(login.json).toMatchObject({ challenge: { destination: '••••67' } })
    const passed = await again.post(`${mount}/verify`, { code: lastCode() })
    expect(passed.json).toMatchObject({ status: 'passed', method: 'sms' })
  })

  test('cannot be added beside an app with the password alone', async () => {
    const { sender } = sending()
    await using app = await startHeldApp({ sender, factors: [totp(), recoveryCodes()] })
    await setUpApp(app)
    const thief = await app.login('alice')
    const refused = await thief.post(`${mount}/phone`, { phone })
    expect([refused.status, refused.json]).toEqual([
      403,
      expect.objectContaining({ code: 'second_factor_required' }),
    ])
    expect(sender.inbox()).toEqual([])
  })

  test('gets no codes while its owner has turned them off and holds another factor', async () => {
    const { sender, lastCode } = sending()
    await using app = await startHeldApp({ sender })
    const { browser, secret } = await setUpApp(app)
    await verifyPhone(browser, lastCode)
    const off = await browser.post(`${mount}/factors/messages`, { on: false })
    expect([off.status, off.json]).toEqual([200, { messages: false }])
    app.clock.advance(60)
    const again = await app.login('alice')
    expect((await again.get(`${mount}/`)).json).toMatchObject({ methods: ['totp'] })
    const asked = await again.post(`${mount}/challenge`, { method: 'sms' })
    expect([asked.status, asked.json]).toEqual([
      409,
      expect.objectContaining({ code: 'factor_not_enrolled' }),
    ])
    const code = appCode(secret, app.clock.now)
    expect((await again.post(`${mount}/verify`, { code })).status).toBe(200)
    await again.post(`${mount}/factors/messages`, { on: true })
    expect((await again.get(`${mount}/`)).json).toMatchObject({ methods: ['totp', 'sms'] })
  })
})

describe('the last factor besides a phone with codes turned off', () => {
  test('can be removed: codes are then sent to the phone again', async () => {
    const { sender, lastCode } = sending()
    await using app = await startHeldApp({ sender })
    const { browser } = await setUpApp(app)
    await verifyPhone(browser, lastCode)
    await browser.post(`${mount}/factors/messages`, { on: false })
    const list = await browser.get(`${mount}/factors`)
    expect(list.json).toMatchObject({ messages: false })
    const held = (list.json as { factors: { id: string; kind: string }[] }).factors
    const id = held.find(({ kind }) => kind === 'totp')?.id ?? ''
    expect((await browser.delete(`${mount}/factors/${id}`)).status).toBe(204)
    app.clock.advance(60)
    const again = await app.login('alice')
    expect((await again.get(`${mount}/`)).json).toMatchObject({ methods: ['sms'] })
  })
})

describe('an app besides a phone that the application stores', () => {
  test('can be removed and set up again: no factor is reported lost', async () => {
    const { sender, lastCode } = sending()
    const users = { id: ({ id }: { id: number }) => id, phone: () => phone }
    await using app = await startHeldApp({ sender, users })
    const alice = await app.login('alice')
    await alice.post(`${mount}/verify`, { code: lastCode() })
    for (let time = 0; time < 2; time += 1) {
      const begun = await alice.post(`${mount}/factors/totp`, {})
      const { setup, secret } = begun.json as { setup: string; secret: string }
      const code = appCode(secret, app.clock.now)
      const confirmed = await alice.post(`${mount}/factors/totp/confirm`, { setup, code })
      expect(confirmed.json).toMatchObject({ status: 'enrolled' })
      const { id } = confirmed.json as { id: string }
      expect((await alice.delete(`${mount}/factors/${id}`)).status).toBe(204)
      expect(app.remembered.has(1)).toBe(false)
    }
  })
})

describe('a user without factors, in a browser', () => {
  test('adds a phone from the factor choice page, and is asked for its code', async () => {
    const { sender, lastCode } = sending()
    await using app = await startHeldApp({ sender })
    const alice = await app.login('alice')
    expect((await alice.page(`${mount}/`)).text).toContain(`href="${mount}/phone"`)
    const sent = await alice.submit(`${mount}/phone`, { phone })
    expect([sent.status, sent.headers.get('location')]).toEqual([303, `${mount}/`])
    expect((await alice.page(`${mount}/`)).text).toContain(`action="${mount}/phone/verify"`)
    const verified = await alice.submit(`${mount}/phone/verify`, { code: lastCode() })
    expect([verified.status, verified.headers.get('location')]).toEqual([303, '/account'])
  })
})
