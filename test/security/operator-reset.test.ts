/**
 * An operator has reset the factors of somebody who lost them all. The attacker knows the password and logs in before
 * the owner does; or has a ticket and uses it twice, late, or for somebody else.
 */

import { describe, expect, test } from 'vitest'

import { tally } from '../../src/testing/contract-fixtures.js'
import { appCode } from '../support/authenticator.js'
import { wrongCode } from '../support/codes.js'
import { mount, setUpApp, setUpCodes, startHeldApp, type HeldApp } from '../support/held-app.js'
import {
  beginApp,
  confirmApp,
  giveApp,
  giveRecovery,
  jarsOf,
  outcomeIn,
} from '../support/held-deeds.js'
import { isIn, together } from '../support/in-or-out.js'
import { rowOf } from '../support/rows.js'

const alice = { id: 1, username: 'alice' }
const reason = { actor: 'carol', reason: 'phone at the bottom of the sea' }

async function reset(app: HeldApp, more: object = {}): Promise<string> {
  const ticket = await app.secondFactor.resetFactors(alice, { ...reason, ...more })
  expect(ticket?.code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
  return ticket?.code ?? ''
}

test('the password alone enrols nothing, however early it is used', async () => {
  await using app = await startHeldApp()
  const { browser, code } = await setUpApp(app)
  const codes = await setUpCodes(browser)
  await reset(app)
  const thief = await app.login('alice')
  const begun = await thief.post(`${mount}/factors/totp`, {})
  expect([begun.status, outcomeIn(begun)]).toEqual([403, 'second_factor_required'])
  expect(await isIn(thief)).toBe(false)
  app.clock.advance(60)
  expect(outcomeIn(await giveApp(thief, code()))).toBe('factor_not_enrolled')
  expect(outcomeIn(await giveRecovery(thief, codes[0]))).toBe('code_incorrect')
})

test('an optional second factor opens nothing after a reset', async () => {
  await using app = await startHeldApp({ enrolment: { when: 'optional', graceSeconds: 86_400 } })
  await setUpApp(app)
  await reset(app)
  const thief = await app.login('alice')
  expect(await isIn(thief)).toBe(false)
  const begun = await thief.post(`${mount}/factors/totp`, {})
  expect(outcomeIn(begun)).toBe('second_factor_required')
})

test('earlier sessions are out, and a setup begun in one is worthless', async () => {
  await using app = await startHeldApp()
  const { browser } = await setUpApp(app)
  const { setup, secret } = await beginApp(browser)
  await reset(app)
  expect(await isIn(browser)).toBe(false)
  const answer = await confirmApp(browser, setup, appCode(secret, app.clock.now))
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect((await rowOf(app.store, '1')).factors['totp']).toEqual({})
})

test('the owner passes by the ticket, and enrols a new app with it', async () => {
  await using app = await startHeldApp()
  await setUpApp(app)
  const ticket = await reset(app)
  const owner = await app.login('alice')
  const passed = await giveRecovery(owner, ticket)
  expect([passed.status, passed.json]).toEqual([
    200,
    expect.objectContaining({ status: 'passed', method: 'recovery-code' }),
  ])
  const { setup, secret } = await beginApp(owner)
  expect(outcomeIn(await confirmApp(owner, setup, appCode(secret, app.clock.now)))).toBe('enrolled')
  app.clock.advance(60)
  const code = appCode(secret, app.clock.now)
  expect(outcomeIn(await giveApp(await app.login('alice'), code))).toBe('passed')
})

describe('a ticket', () => {
  test('typed in 30 browsers at once lets only one in', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    const ticket = await reset(app)
    const jars = await jarsOf(app, 30)
    const answers = await together(30, (nth) => giveRecovery(jars[nth] ?? app.browser(), ticket))
    expect(tally(answers.map(outcomeIn))).toEqual({ passed: 1, factor_not_enrolled: 29 })
  })

  test('expires after exactly 24 hours', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    const ticket = await reset(app)
    app.clock.advance(86_400)
    expect(outcomeIn(await giveRecovery(await app.login('alice'), ticket))).toBe('code_expired')
    app.clock.advance(-1)
    expect(outcomeIn(await giveRecovery(await app.login('alice'), ticket))).toBe('passed')
  })

  test('is worthless for another user, even one with a ticket of their own', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    await setUpApp(app, 'bob')
    const ticket = await reset(app)
    await app.secondFactor.resetFactors({ id: 2, username: 'bob' }, reason)
    expect(outcomeIn(await giveRecovery(await app.login('bob'), ticket))).toBe('code_incorrect')
    expect(outcomeIn(await giveRecovery(await app.login('alice'), ticket))).toBe('passed')
  })

  test('is void once a new one is issued', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    const older = await reset(app)
    const newer = await reset(app)
    expect(outcomeIn(await giveRecovery(await app.login('alice'), older))).toBe('code_incorrect')
    expect(outcomeIn(await giveRecovery(await app.login('alice'), newer))).toBe('passed')
  })

  test('passes a lock that the attacker caused and the reset left in place', async () => {
    await using app = await startHeldApp()
    const { code } = await setUpApp(app)
    app.clock.advance(60)
    const thief = await app.login('alice')
    for (let nth = 0; nth < 10; nth += 1) await giveApp(thief, wrongCode(code(), 5_000))
    const ticket = await reset(app)
    expect((await rowOf(app.store, '1')).failures).toBe(10)
    const owner = await app.login('alice')
    expect(outcomeIn(await giveRecovery(owner, ticket))).toBe('passed')
    expect((await rowOf(app.store, '1')).failures).toBe(0)
  })

  test('does not trust a device', async () => {
    await using app = await startHeldApp({ trustedDevices: { acceptAal1: true } })
    await setUpApp(app)
    const jar = await app.login('alice')
    const passed = await giveRecovery(jar, await reset(app), { trustDevice: true })
    expect(outcomeIn(passed)).toBe('passed')
    expect(passed.headers.getSetCookie().join()).not.toContain('device')
  })

  test('appears nowhere in the row, the events or the factor list', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    const ticket = await reset(app)
    const told = JSON.stringify([
      await rowOf(app.store, '1'),
      app.events,
      await app.secondFactor.listFactors(alice),
    ])
    expect(told).not.toContain(ticket)
    expect(told).not.toContain(ticket.replaceAll('-', ''))
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'factors_reset', subject: '1', ...reason, open: false }),
    )
  })
})

describe('a reset with { open: true }', () => {
  test('lets the password alone enrol, and the event says so', async () => {
    await using app = await startHeldApp()
    await setUpApp(app)
    expect(await app.secondFactor.resetFactors(alice, { ...reason, open: true })).toBeNull()
    expect(app.remembered.has(1)).toBe(false)
    expect(app.events).toContainEqual(
      expect.objectContaining({ type: 'factors_reset', open: true }),
    )
    const owner = await app.login('alice')
    expect(await isIn(owner)).toBe(false)
    const { setup, secret } = await beginApp(owner)
    expect(outcomeIn(await confirmApp(owner, setup, appCode(secret, app.clock.now)))).toBe(
      'enrolled',
    )
  })

  test('restores no grace period', async () => {
    await using app = await startHeldApp({ enrolment: { graceSeconds: 86_400 } })
    const waiting = await app.login('alice')
    expect(await isIn(waiting)).toBe(true)
    await setUpApp(app)
    await app.secondFactor.resetFactors(alice, { ...reason, open: true })
    expect(await isIn(await app.login('alice'))).toBe(false)
  })
})
