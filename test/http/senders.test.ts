/** Each sender result over HTTP, and the challenge that the session then has or lacks. */

import session from 'express-session'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { CodeMessage, CodeSender, RefusalCode, SendResult } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { textOf } from '../support/html.js'
import { expectProblem, expectRefusedForm, type Facts } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'

const challenge = '/second-factor/challenge'

let app: TestApp
let bob: Browser
let messages: CodeMessage[]
let sessions: session.MemoryStore
/** The sender's behaviour for the next message. */
let answer: () => unknown

beforeEach(async () => {
  messages = []
  const sender: CodeSender = {
    channel: 'sms',
    send(message) {
      messages.push(message)
      return answer() as Promise<SendResult>
    },
  }
  sessions = new session.MemoryStore()
  app = await startTestApp({ sender, sessionStore: sessions })
  bob = app.browser()
  await bob.post('/password', { username: 'bob', password: 'password' })
})
afterEach(() => app.close())

const answers = (result: object) => () => Promise.resolve(result)
const rejects = (reason: string, more: object = {}) =>
  answers({ status: 'rejected', reason, ...more })
const code = () => messages[0]?.code.reveal()
const running = async () => (await bob.get('/second-factor/')).json['challenge']

const partOfBob = async () => phoneOf(await rowOf(app.store, '2'))
const rowId = async () => (await partOfBob()).challenge?.id

/** A challenge that was just made, for bob. */
function fresh(): object {
  return {
    ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••10' },
    ...{ codeLength: 6, attemptsLeft: 5, expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
    ...{ resendAt: app.clock.iso(30), resendInSeconds: 30 },
  }
}

const wait = (seconds: number): Facts => ({
  retryAt: app.clock.iso(seconds),
  retryAfterSeconds: seconds,
})

describe('a message that was sent', () => {
  test.each([
    ['sent', { status: 'sent' }],
    ['sent with a reference', { status: 'sent', reference: 'SM123' }],
  ])('%s: 201, and its code passes', async (_name, result) => {
    answer = answers(result)
    const sent = await bob.post(challenge)
    expect([sent.status, sent.json]).toEqual([201, fresh()])
    expect((await bob.post('/second-factor/verify', { code: code() })).status).toBe(200)
  })
})

describe('a message that may have been sent', () => {
  test.each<[string, () => unknown]>([
    ['maybe_sent', answers({ status: 'maybe_sent', reason: 'timeout at vendor.example' })],
    ['maybe_sent without a reason', answers({ status: 'maybe_sent' })],
    ['a rejection', () => Promise.reject(new Error('socket hang up 123456'))],
    [
      'an exception',
      () => {
        throw new Error('no such method')
      },
    ],
    ['no answer', () => Promise.resolve(undefined)],
    ['nothing to wait for', () => undefined],
    ['null', () => Promise.resolve(null)],
    ['a string', () => Promise.resolve('sent')],
    ['a status nobody knows', answers({ status: 'delivered' })],
  ])('%s: delivery_failed, and the code that may arrive passes', async (_name, result) => {
    answer = result
    expectProblem(await bob.post(challenge), 'delivery_failed', {
      ...{ ...wait(30), challenge: fresh() },
    })
    expect(await running()).toEqual(fresh())
    expectProblem(await bob.post(challenge), 'cooldown', { ...wait(30), challenge: fresh() })
    expect(messages).toHaveLength(1)
    expect((await bob.post('/second-factor/verify', { code: code() })).status).toBe(200)
  })
})

describe('a message that was certainly not sent', () => {
  test.each<[string, () => unknown, RefusalCode, number?]>([
    ['destination_invalid', rejects('destination_invalid'), 'destination_invalid'],
    ['destination_blocked', rejects('destination_blocked'), 'destination_blocked'],
    ['send_limit', rejects('send_limit'), 'send_limit', 30],
    ['send_limit until', rejects('send_limit', { retryAfterSeconds: 540 }), 'send_limit', 540],
    ['unavailable', rejects('unavailable'), 'delivery_unavailable', 30],
    [
      'unavailable for',
      rejects('unavailable', { retryAfterSeconds: 7 }),
      'delivery_unavailable',
      7,
    ],
    [
      'unavailable for 1 s',
      rejects('unavailable', { retryAfterSeconds: 1 }),
      'delivery_unavailable',
      5,
    ],
    ['a reason nobody knows', rejects('sunspots'), 'delivery_unavailable', 30],
    [
      'a wait that is none',
      rejects('unavailable', { retryAfterSeconds: NaN }),
      'delivery_unavailable',
      30,
    ],
    [
      'a wait below zero',
      rejects('unavailable', { retryAfterSeconds: -9 }),
      'delivery_unavailable',
      30,
    ],
    [
      'a wait without end',
      rejects('unavailable', { retryAfterSeconds: 1e13 }),
      'delivery_unavailable',
      86_400,
    ],
    [
      'operator_fault',
      answers({ status: 'operator_fault', reason: 'credentials AC123 rejected' }),
      'service_misconfigured',
    ],
  ])('%s: no challenge is held, and no limit is spent', async (_name, result, refusal, seconds) => {
    answer = result
    const refused = await bob.post(challenge)
    expectProblem(refused, refusal, seconds === undefined ? {} : wait(seconds))
    expect(refused.text).not.toMatch(/AC123|sunspots/)
    expect([await running(), await rowId()]).toEqual([null, undefined])
    expectProblem(await bob.post('/second-factor/verify', { code: code() }), 'no_challenge')
    expect((await partOfBob()).sends).toMatchObject({ count: 0, rung: 0, windowCount: 0 })
    expectProblem(await bob.post(challenge), 'cooldown', wait(5))
    app.clock.advance(5)
    answer = answers({ status: 'sent' })
    expect((await bob.post(challenge)).json).toEqual(fresh())
  })
})

test('a failed resend leaves the challenge unchanged', async () => {
  answer = answers({ status: 'sent' })
  await bob.post(challenge)
  app.clock.advance(30)
  answer = rejects('unavailable')
  expectProblem(await bob.post(challenge), 'delivery_unavailable', wait(30))
  expect(await running()).toMatchObject({ expiresAt: app.clock.iso(270), attemptsLeft: 5 })
  expect((await bob.post('/second-factor/verify', { code: code() })).status).toBe(200)
})

describe('after the password', () => {
  test.each<[string, () => unknown, object]>([
    ['sent', answers({ status: 'sent' }), {}],
    ['maybe_sent', answers({ status: 'maybe_sent' }), { code: 'delivery_failed', seconds: 30 }],
    ['rejected', rejects('destination_blocked'), { code: 'destination_blocked' }],
    ['unavailable', rejects('unavailable'), { code: 'delivery_unavailable', seconds: 30 }],
    [
      'operator_fault',
      answers({ status: 'operator_fault', reason: 'credentials AC123 rejected' }),
      { code: 'service_misconfigured' },
    ],
  ])('%s: the login stands, and says what became of the code', async (name, result, refusal) => {
    answer = result
    const browser = app.browser()
    const login = await browser.post('/login', { username: 'bob', password: 'password' })
    const { seconds, ...said } = refusal as { seconds?: number; code?: string }
    const retry = seconds === undefined ? {} : { retryAt: app.clock.iso(seconds) }
    expect([login.status, login.json]).toEqual([
      200,
      {
        next: '/second-factor/',
        ...(name === 'sent' ? { challenge: fresh() } : { refusal: { ...said, ...retry } }),
      },
    ])
    const status = await browser.get('/second-factor/')
    const holds = name === 'sent' || name === 'maybe_sent'
    expect([status.status, status.json['challenge']]).toEqual([200, holds ? fresh() : null])
  })
})

test('a page explains it in a sentence, and offers the code field if the code may still arrive', async () => {
  answer = answers({ status: 'maybe_sent' })
  const doubt = /^We couldn’t confirm that your code was sent\. If it arrives, enter it\./
  const may = await expectRefusedForm(bob, await bob.submit(challenge), doubt)
  expect(may.text).toContain('name="code"')
  expect(textOf(may.text)).not.toContain('We texted')
  // A reload shows the reason no more, but claims no more either.
  const later = textOf((await bob.page('/second-factor/')).text)
  expect(later).toContain('We couldn’t confirm that your code was sent.')
  expect(later).not.toContain('We texted')
  await bob.delete(challenge)
  app.clock.advance(30)
  answer = answers({ status: 'operator_fault', reason: 'credentials AC123 rejected' })
  const not = await expectRefusedForm(bob, await bob.submit(challenge), /Contact support/)
  expect(not.text).not.toContain('name="code"')
  expect(not.text).not.toContain('AC123')
})
