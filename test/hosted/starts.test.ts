/**
 * The refusal for each of Twilio's responses to a start: who has to wait, what was counted, and that no challenge
 * remains that could pass without another start.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { RefusalCode } from '../../src/index.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, twilioFault, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject, verify } from '../support/in-or-out.js'
import { expectProblem, type Facts } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'
import type { StandInFault } from '../support/twilio-stand-in.js'

const challenge = '/second-factor/challenge'

let app: HostedApp
let alice: Browser
beforeEach(async () => {
  app = await startHostedApp({ verify: { timeoutSeconds: 0.4 } })
  alice = app.browser()
  await alice.post('/password', { username: 'alice', password: 'password' })
})
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

const wait = (seconds: number): Facts => ({
  ...{ retryAt: app.clock.iso(seconds), retryAfterSeconds: seconds },
})
const running = async () => (await alice.get('/second-factor/')).json['challenge']
const answer = (body: object | string, status = 201): StandInFault => ({
  ...{ kind: 'answer', status, body },
})

const refusals: [string, StandInFault, RefusalCode, number?][] = [
  [
    '60200 about the phone',
    twilioFault(400, 60200, undefined, 'Invalid parameter `To`: +237671234567'),
    'destination_invalid',
  ],
  ['60205', twilioFault(403, 60205), 'destination_invalid'],
  ['60410', twilioFault(403, 60410), 'destination_blocked'],
  ['60605', twilioFault(403, 60605), 'destination_blocked'],
  ['60202', twilioFault(429, 60202), 'send_limit', 600],
  ['60203', twilioFault(429, 60203), 'send_limit', 600],
  ['60203 with a wait', twilioFault(429, 60203, '90'), 'send_limit', 90],
  ['60212', twilioFault(429, 60212), 'delivery_unavailable', 30],
  ['20429', twilioFault(429, 20429), 'delivery_unavailable', 30],
  ['20429 with a wait', twilioFault(429, 20429, '45'), 'delivery_unavailable', 45],
  ['20429 with an endless wait', twilioFault(429, 20429, '9e9'), 'delivery_unavailable', 3600],
  ['20429 with a date', twilioFault(429, 20429, 'Thu, 01 Jan 2026'), 'delivery_unavailable', 30],
  ['20003', twilioFault(401, 20003), 'service_misconfigured'],
  ['20404, a wrong Service', twilioFault(404, 20404), 'service_misconfigured'],
  ['60204', twilioFault(403, 60204), 'service_misconfigured'],
  ['60217', twilioFault(400, 60217), 'service_misconfigured'],
  ['60200 about anything else', twilioFault(400, 60200), 'service_misconfigured'],
  ['a redirect', answer('', 307), 'service_misconfigured'],
]

const unclear: [string, StandInFault][] = [
  ['a 500', { ...twilioFault(500, 20500), accepted: true }],
  ['a 502 with a page', { ...answer('<html>', 502), accepted: true }],
  ['a reset', { kind: 'reset', accepted: true }],
  ['no answer', { kind: 'hang', accepted: true }],
  ['an answer cut short', { kind: 'cut', status: 201, accepted: true }],
  ['an answer that drips in', { kind: 'drip', accepted: true }],
  ['a 201 without an id', { ...answer({ status: 'pending' }), accepted: true }],
  ['a 201 of 2 MB', { ...answer('x'.repeat(2_000_000)), accepted: true }],
]

describe('a start that Twilio refuses', () => {
  test.each(refusals)('%s', async (_name, fault, code, seconds) => {
    app.twilio.script(fault)
    expectProblem(await alice.post(challenge), code, seconds === undefined ? {} : wait(seconds))
    expect(app.asked().start).toHaveLength(1)
    expect(await running()).toBeNull()
    const row = await rowOf(app.store, alicesSubject)
    expect(row.failures).toBe(0)
    expect(phoneOf(row)).toMatchObject({ challenge: null, sends: { windowCount: 0 } })
    expectProblem(await verify(alice, '123456'), 'no_challenge')
    app.clock.advance(5)
    expect((await alice.post(challenge)).status).toBe(201)
    expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  })

  test('no connection at all', async () => {
    await app.twilio.close()
    expectProblem(await alice.post(challenge), 'delivery_unavailable', wait(30))
    expect([
      await running(),
      phoneOf(await rowOf(app.store, alicesSubject)).sends.windowCount,
    ]).toEqual([null, 0])
  })

  test('after the password leaves the login valid, and returns the reason', async () => {
    app.twilio.script(twilioFault(429, 60203))
    const browser = app.browser()
    const login = await browser.post('/login', { username: 'alice', password: 'password' })
    const retryAt = app.clock.iso(600)
    expect([login.status, login.json]).toEqual([
      200,
      { next: '/second-factor/', refusal: { code: 'send_limit', retryAt } },
    ])
  })
})

describe('a resend that Twilio refuses', () => {
  test.each(refusals)('keeps the pending challenge: %s', async (_name, fault, code, seconds) => {
    await alice.post(challenge)
    await verify(alice, wrongCode(app.codeFor('alice')))
    app.clock.advance(30)
    const before = phoneOf(await rowOf(app.store, alicesSubject))
    app.twilio.script(fault)
    expectProblem(await alice.post(challenge), code, seconds === undefined ? {} : wait(seconds))
    const { challenge: after, sends } = phoneOf(await rowOf(app.store, alicesSubject))
    expect([after, sends.windowCount]).toEqual([before.challenge, 1])
    expect(app.asked().cancel).toEqual([])
    expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  })

  test('that may have been sent keeps it too, and reports it', async () => {
    await alice.post(challenge)
    app.clock.advance(30)
    app.twilio.script({ kind: 'reset', accepted: true })
    expectProblem(await alice.post(challenge), 'delivery_failed', {
      ...{ ...wait(60), challenge: expect.objectContaining({ attemptsLeft: 5 }) as object },
    })
    expect(phoneOf(await rowOf(app.store, alicesSubject)).sends.windowCount).toBe(2)
    expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  })
})

describe('a start whose response is lost', () => {
  test.each(unclear)('%s: nothing is resent, and nothing can be judged', async (_n, fault) => {
    app.twilio.script(fault)
    expectProblem(await alice.post(challenge), 'delivery_failed', wait(30))
    expect(app.asked().start).toHaveLength(1)
    expect([
      await running(),
      phoneOf(await rowOf(app.store, alicesSubject)).sends.windowCount,
    ]).toEqual([null, 1])
    expectProblem(await verify(alice, app.codeFor('alice')), 'no_challenge')
    const headless = await app.secondFactor.verify(
      { id: 1, username: 'alice' },
      app.codeFor('alice'),
    )
    expect(headless).toMatchObject({ code: 'no_challenge' })
    expect(app.asked().check).toEqual([])
    expect((await alice.post(challenge)).json).toMatchObject({ code: 'cooldown' })

    app.clock.advance(30)
    expect((await alice.post(challenge)).status).toBe(201)
    expect(app.twilio.verifications).toHaveLength(1)
    expect(phoneOf(await rowOf(app.store, alicesSubject)).challenge?.code).toEqual({
      ...{ owner: 'hosted', ref: app.verification('alice').sid },
    })
    expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
  })

  test('in place of an earlier one ends that one, at Twilio too', async () => {
    const first = await app.login('alice')
    const { code, sid } = app.verification('alice')
    app.clock.advance(30)
    app.twilio.script(
      { kind: 'answer', status: 200, body: {}, accepted: true },
      { kind: 'reset', accepted: true },
    )
    expectProblem(await alice.post(challenge), 'delivery_failed', wait(60))
    expect(app.asked().cancel).toEqual([sid])
    expectProblem(await verify(first, code), 'no_challenge')
    expectProblem(await verify(alice, app.codeFor('alice')), 'no_challenge')
    expect(app.asked().check).toEqual([])
  })
})

test('Twilio’s own limit of five messages is a send_limit, with the wait it needs', async () => {
  await app.close()
  app = await startHostedApp({
    secondFactor: { policy: { resendLadderSeconds: [1], codeLifetimeSeconds: 500 } },
  })
  alice = await app.login('alice')
  for (let sends = 1; sends < 5; sends += 1) {
    app.clock.advance(1)
    expect((await alice.post(challenge)).status).toBe(201)
  }
  app.clock.advance(1)
  expectProblem(await alice.post(challenge), 'send_limit', wait(600))
  expect((await verify(alice, app.codeFor('alice'))).status).toBe(200)
})
