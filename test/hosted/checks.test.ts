/**
 * The refusal for each of Twilio's responses to a check, and its cost: an attempt, a failure and the lock they cause
 * are undone only if Twilio certainly judged nothing.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { SubjectState } from '../../src/core/state.js'
import type { RefusalCode } from '../../src/index.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, twilioFault, type HostedApp } from '../support/hosted-app.js'
import { alicesSubject, isIn, verify } from '../support/in-or-out.js'
import { failTimes } from '../support/misuse.js'
import { expectProblem, type Facts } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'
import type { StandInFault } from '../support/twilio-stand-in.js'

let app: HostedApp
let alice: Browser
beforeEach(() => start())
afterEach(async () => {
  await app.close()
  expect(app.twilio.violations).toEqual([])
})

async function start(policy: object = {}): Promise<void> {
  app = await startHostedApp({ verify: { timeoutSeconds: 0.4 }, secondFactor: { policy } })
  alice = await app.login('alice')
}

const right = () => verify(alice, app.codeFor('alice'))
const wrong = () => verify(alice, wrongCode(app.codeFor('alice')))
const wait = (seconds: number): Facts => ({
  ...{ retryAt: app.clock.iso(seconds), retryAfterSeconds: seconds },
})

/** The cost of a guess, in Alice's row. */
const cost = async () => costOf(await rowOf(app.store, alicesSubject))
const costOf = (row: SubjectState) => ({
  ...{ attempts: phoneOf(row).challenge?.attempts, failures: row.failures, lock: row.lock },
})

const answer = (body: object | string, status = 200): StandInFault => ({
  ...{ kind: 'answer', status, body },
})

const notJudged: [string, StandInFault, RefusalCode, number?][] = [
  ['60212', twilioFault(429, 60212), 'delivery_unavailable', 30],
  ['20429', twilioFault(429, 20429), 'delivery_unavailable', 30],
  ['20429 with a wait', twilioFault(429, 20429, '45'), 'delivery_unavailable', 45],
  ['20003', twilioFault(401, 20003), 'service_misconfigured'],
  ['60200', twilioFault(400, 60200), 'service_misconfigured'],
  ['60410', twilioFault(403, 60410), 'service_misconfigured'],
  ['60605', twilioFault(403, 60605), 'service_misconfigured'],
  ['a page of a proxy', answer('<html>', 403), 'service_misconfigured'],
]

const maybeJudged: [string, StandInFault][] = [
  ['a 500', twilioFault(500, 20500)],
  ['a 503', twilioFault(503, 20503)],
  ['a 502 with a page', answer('<html>', 502)],
  ['half a JSON', answer('{"status":"appro')],
  ['an empty body', answer('')],
  ['invalid UTF-8 that is no JSON', answer('\uFFFD\u0000')],
  ['an unknown status', answer({ status: 'splendid', valid: true })],
  ['a reset', { kind: 'reset' }],
  ['an answer cut short', { kind: 'cut', status: 200 }],
  ['no answer', { kind: 'hang' }],
  ['an answer that drips in', { kind: 'drip' }],
]

const ended: [string, StandInFault][] = [
  ['20404', twilioFault(404, 20404)],
  ['a 404 without a code', answer('', 404)],
  ['60202', twilioFault(429, 60202)],
  ['60203, like 60202', twilioFault(429, 60203)],
  ...['canceled', 'max_attempts_reached', 'deleted', 'failed', 'expired'].map(
    (status): [string, StandInFault] => [status, answer({ status, valid: false })],
  ),
]

describe('a check that was certainly not judged costs nothing', () => {
  test.each(notJudged)('%s', async (_name, fault, code, seconds) => {
    await wrong()
    const before = await cost()
    app.twilio.script(fault)
    expectProblem(await right(), code, seconds === undefined ? {} : wait(seconds))
    expect(await cost()).toEqual(before)
    expect(app.asked().check).toHaveLength(2)
    expect((await right()).status).toBe(200)
  })

  test('no connection at all', async () => {
    const before = await cost()
    await app.twilio.close()
    expectProblem(await right(), 'delivery_unavailable', wait(30))
    expect(await cost()).toEqual(before)
  })

  test('the tenth failure in a row is undone with its lock', async () => {
    await failTimes(app, alice, 'alice', 9)
    const before = await cost()
    expect(before.failures).toBe(9)
    app.twilio.script(twilioFault(429, 20429))
    expectProblem(await right(), 'delivery_unavailable', wait(30))
    expect(await cost()).toEqual(before)
    expect(app.events.filter(({ type }) => type === 'locked')).toEqual([])
    expect((await right()).status).toBe(200)
    expect(await cost()).toMatchObject({ failures: 0, lock: { tier: 0, until: null } })
  })

  test('nor does the failure that would cause the hard stop', async () => {
    await app.close()
    await start({ hardStopFailures: 2 })
    await wrong()
    app.twilio.script(twilioFault(401, 20003))
    expectProblem(await right(), 'service_misconfigured')
    expect((await right()).status).toBe(200)
  })

  test('repeated faults leave all attempts', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      app.twilio.script(twilioFault(429, 20429))
      expectProblem(await right(), 'delivery_unavailable', wait(30))
    }
    expectProblem(await wrong(), 'code_incorrect', { attemptsLeft: 4 })
  })
})

test('a wrong code that locks says so at once even though Twilio judged it', async () => {
  await failTimes(app, alice, 'alice', 9)
  const lockedUntil = app.clock.iso(1800)
  expectProblem(await wrong(), 'code_incorrect', { attemptsLeft: 0, lockedUntil })
})

describe('a check that may have been judged uses its attempt', () => {
  test.each(maybeJudged)('%s', async (_name, fault) => {
    await wrong()
    app.twilio.script(fault)
    expectProblem(await right(), 'delivery_unavailable', wait(30))
    expect(await cost()).toMatchObject({ attempts: 2, failures: 2 })
    expect(await isIn(alice)).toBe(false)
    expect(app.asked().check).toHaveLength(2)
    expect((await right()).status).toBe(200)
  })

  test('and Twilio is called no more often than the budget allows, however often it fails', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      app.twilio.script(twilioFault(500, 20500))
      expectProblem(await right(), 'delivery_unavailable', wait(30))
    }
    expectProblem(await right(), 'attempts_exhausted', { attemptsLeft: 0, ...wait(30) })
    expect(app.asked().check).toHaveLength(5)
  })

  test('and as the tenth failure in a row locks, with an event', async () => {
    await failTimes(app, alice, 'alice', 9)
    app.twilio.script({ kind: 'reset' })
    expectProblem(await right(), 'delivery_unavailable', wait(30))
    expect(await cost()).toMatchObject({
      ...{ failures: 10, lock: { tier: 1, until: app.clock.now + 1_800_000 } },
    })
    expect(app.events.filter(({ type }) => type === 'locked')).toMatchObject([{ failures: 10 }])
    expectProblem(await right(), 'locked_out', wait(1800))
  })

  test.each<StandInFault>([
    { kind: 'hang', accepted: true },
    { kind: 'reset', accepted: true },
    { kind: 'cut', status: 200, accepted: true },
  ])(
    'and where a $kind hid the approval, the code is used up: a new one is needed',
    async (fault) => {
      app.twilio.script(fault)
      expectProblem(await right(), 'delivery_unavailable', wait(30))
      expect(app.verification('alice').status).toBe('approved')
      expect(await cost()).toMatchObject({ attempts: 1, failures: 1 })
      const { code } = app.verification('alice')
      expectProblem(await right(), 'code_expired')
      expect(await isIn(alice)).toBe(false)
      app.clock.advance(30)
      expect((await alice.post('/second-factor/challenge')).status).toBe(201)
      expect(app.twilio.verifications).toHaveLength(2)
      if (code !== app.codeFor('alice')) {
        expectProblem(await verify(alice, code), 'code_incorrect', { attemptsLeft: 4 })
      }
      expect((await right()).status).toBe(200)
    },
  )
})

describe('a verification that is over at Twilio ends the challenge', () => {
  test.each(ended)('%s', async (_name, fault) => {
    app.twilio.script(fault)
    expectProblem(await right(), 'code_expired')
    expect((await cost()).failures).toBe(0)
    expect((await alice.get('/second-factor/')).json['challenge']).toBeNull()
    expectProblem(await right(), 'code_expired')
    expect(app.asked().check).toHaveLength(1)
    expect((await cost()).failures).toBe(0)

    const { sid } = app.verification('alice')
    app.clock.advance(30)
    expect((await alice.post('/second-factor/challenge')).status).toBe(201)
    expect(app.verification('alice').sid).not.toBe(sid)
    expect((await right()).status).toBe(200)
  })

  test('and the next code goes to the phone being enrolled', async () => {
    const carol = await app.login('carol')
    await carol.post('/second-factor/phone', { phone: '+14155550199' })
    app.twilio.script(twilioFault(404, 20404))
    const over = await carol.post('/second-factor/phone/verify', { code: '123456' })
    expectProblem(over, 'code_expired')
    app.clock.advance(30)
    expect((await carol.post('/second-factor/challenge')).json).toMatchObject({
      ...{ status: 'pending', destination: '••••99' },
    })
  })
})

describe('only an approval of this verification for this phone passes', () => {
  const sid = () => app.verification('alice').sid
  const to = '+237671234567'
  const service = () => ({ service_sid: app.twilio.serviceSid })
  const ours = () => ({ ...service(), sid: sid(), to })
  const other = `VE${'0'.repeat(32)}`
  test.each<[string, () => object]>([
    ['another verification', () => ({ ...ours(), sid: other, status: 'approved', valid: true })],
    ['another phone', () => ({ ...ours(), to: '+919876543210', status: 'approved' })],
    [
      'another Service',
      () => ({ ...ours(), service_sid: `VA${'0'.repeat(32)}`, status: 'approved' }),
    ],
    ['no Service', () => ({ sid: sid(), to, status: 'approved', valid: true })],
    ['no verification', () => ({ ...service(), to, status: 'approved', valid: true })],
    ['no phone', () => ({ ...service(), sid: sid(), status: 'approved', valid: true })],
    ['a list', () => [{ ...ours(), status: 'approved' }]],
    ['another case', () => ({ ...ours(), status: 'APPROVED' })],
    ['a boolean', () => ({ ...ours(), status: true, valid: true })],
  ])('an approval of %s does not', async (_name, body) => {
    app.twilio.script(answer(body()))
    expectProblem(await wrong(), 'delivery_unavailable', wait(30))
    expect(await cost()).toMatchObject({ attempts: 1, failures: 1 })
    expect([await isIn(alice), (await rowOf(app.store, alicesSubject)).grants]).toEqual([false, []])
  })

  test.each([200, 201])('a %d that says pending but valid is a wrong code', async (ok) => {
    app.twilio.script(answer({ sid: sid(), to, status: 'pending', valid: true }, ok))
    expectProblem(await right(), 'code_incorrect', { attemptsLeft: 4 })
    expect(await isIn(alice)).toBe(false)
  })

  test.each([200, 201])('a %d that approves passes', async (ok) => {
    app.twilio.script(answer({ ...ours(), status: 'approved', valid: true }, ok))
    expect((await right()).status).toBe(200)
    expect(await isIn(alice)).toBe(true)
  })
})
