/**
 * Two vendors for one channel, and every fault of the first: overall, one message with one valid code goes out, or
 * none if nothing may be sent.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { twilioSender } from '../../src/adapters/twilio/index.js'
import { failoverSender, type RefusalCode } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { twilioFault } from '../support/hosted-app.js'
import { verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'
import {
  startTwilioStandIn,
  type StandInFault,
  type TwilioStandIn,
} from '../support/twilio-stand-in.js'

const challenge = '/second-factor/challenge'

let first: TwilioStandIn
let second: TwilioStandIn
let app: TestApp
let alice: Browser
beforeEach(async () => {
  first = await startTwilioStandIn()
  second = await startTwilioStandIn()
  const senders = [first, second].map(({ account, baseUrl }) =>
    twilioSender({ ...account, baseUrl, from: '+15550006789', timeoutSeconds: 0.4 }),
  )
  app = await startTestApp({ sender: failoverSender(senders, { breakAfterFaults: 3 }) })
  alice = app.browser()
  await alice.post('/password', { username: 'alice', password: 'password' })
})
afterEach(async () => {
  await Promise.all([app.close(), first.close(), second.close()])
  expect([first.violations, second.violations]).toEqual([[], []])
})

const counts = () => [first.messages.length, second.messages.length]
const code = () =>
  [...first.messages, ...second.messages].map(({ body }) => /\d{6}/.exec(body)?.[0])

const certain: [string, StandInFault][] = [
  ['20003', twilioFault(401, 20003)],
  ['21606, a sender that is not ours', twilioFault(400, 21606)],
  ['21611, a full queue', twilioFault(429, 21611)],
  ['20429', twilioFault(429, 20429, '45')],
  ['21211, a phone it does not know', twilioFault(400, 21211)],
  ['a page of a proxy', { kind: 'answer', status: 403, body: '<html>' }],
  ['a redirect', { kind: 'answer', status: 302, headers: { Location: 'http://127.0.0.1:9/' } }],
]

const unclear: [string, StandInFault][] = [
  ['a 500', { ...twilioFault(500, 20500), accepted: true }],
  ['a 503', { ...twilioFault(503, 20503), accepted: true }],
  ['no answer', { kind: 'hang', accepted: true }],
  ['a reset', { kind: 'reset', accepted: true }],
  ['an answer cut short', { kind: 'cut', status: 201, accepted: true }],
  ['an answer that drips in', { kind: 'drip', accepted: true }],
  ['a 201 that is no JSON', { kind: 'answer', status: 201, body: '<html>', accepted: true }],
]

const final: [string, StandInFault, RefusalCode][] = [
  ['21610, an opt-out', twilioFault(400, 21610), 'destination_blocked'],
  ['21408, a country', twilioFault(400, 21408), 'destination_blocked'],
  ['60410, a fraud block', twilioFault(403, 60410), 'destination_blocked'],
]

describe('the first vendor', () => {
  test('is the only one called if it accepts the message', async () => {
    expect((await alice.post(challenge)).status).toBe(201)
    expect(counts()).toEqual([1, 0])
  })

  test.each(certain)(
    'is followed by the second if it certainly sent nothing: %s',
    async (_name, fault) => {
      first.script(fault)
      expect((await alice.post(challenge)).status).toBe(201)
      expect(counts()).toEqual([0, 1])
      expect(phoneOf(await rowOf(app.store, '1')).sends).toMatchObject({ windowCount: 1, count: 1 })
      expect((await verify(alice, code()[0] ?? '')).status).toBe(200)
    },
  )

  test('is followed by the second if it cannot be reached', async () => {
    await first.close()
    expect((await alice.post(challenge)).status).toBe(201)
    expect(counts()).toEqual([0, 1])
    first = await startTwilioStandIn()
  })

  test.each(unclear)(
    'is not followed by the second if it may have sent: %s',
    async (_name, fault) => {
      first.script(fault)
      const { json } = await alice.post(challenge)
      expect(json).toMatchObject({ code: 'delivery_failed', challenge: { attemptsLeft: 5 } })
      expect(counts()).toEqual([1, 0])
      expect((await alice.post(challenge)).json).toMatchObject({ code: 'cooldown' })

      app.clock.advance(30)
      expect((await alice.post(challenge)).status).toBe(201)
      expect(new Set(code()).size).toBe(1)
      expect((await verify(alice, code()[0] ?? '')).status).toBe(200)
    },
  )

  test.each(final)('has the final word about the phone: %s', async (_name, fault, refusal) => {
    first.script(fault)
    expectProblem(await alice.post(challenge), refusal)
    expect(counts()).toEqual([0, 0])
    expect(second.requests).toEqual([])
  })
})

test('when both fail nothing is sent, and the last reason is reported', async () => {
  first.script(twilioFault(401, 20003))
  second.script(twilioFault(429, 20429, '45'))
  expectProblem(await alice.post(challenge), 'delivery_unavailable', {
    ...{ retryAt: app.clock.iso(45), retryAfterSeconds: 45 },
  })
  expect([counts(), phoneOf(await rowOf(app.store, '1')).challenge]).toEqual([[0, 0], null])
})

test('a dead vendor is skipped after a few faults, and no message is lost', async () => {
  first.script(...Array.from({ length: 5 }, () => twilioFault(429, 20429)))
  for (let message = 0; message < 5; message += 1) {
    expect((await alice.post(challenge)).status).toBe(201)
    app.clock.advance(400)
    alice = app.browser()
    await alice.post('/password', { username: 'alice', password: 'password' })
  }
  expect([first.requests.length, ...counts()]).toEqual([3, 0, 5])
})
