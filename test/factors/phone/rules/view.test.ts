import { describe, expect, test } from 'vitest'

import { defaultPolicy as policy, resolvePolicy } from '../../../../src/core/policy.js'
import { isUnexpired, issue } from '../../../../src/factors/phone/rules/challenge.js'
import { noSends, type Receipt } from '../../../../src/factors/phone/rules/part.js'
import { countSend } from '../../../../src/factors/phone/rules/send-ledger.js'
import {
  challengeFacts,
  challengeView,
  resendFacts,
  runningView,
} from '../../../../src/factors/phone/rules/view.js'
import { passedView } from '../../../../src/flows/factors.js'
import { grantWith, rowWith } from '../../../core/build.js'
import { day, minute, second, t0 } from '../../../support/clock.js'
import { cameroon } from '../../../support/phones.js'
import { withPhoneFields } from '../../../support/rows.js'
import { challengeWith, freshChallenge, keys, phoneFlow, phoneRow, receiptWith } from './build.js'

const limits = { policy, codeLength: 6 }
const row = phoneRow({ challenge: challengeWith(), sends: countSend(noSends, t0, policy) })
const hidden = ['challenge-1', 'session-1', keys.issuingKeyId, cameroon, cameroon.slice(1)]

describe('the view of a challenge', () => {
  test('matches the documented Challenge, field by field', () => {
    expect(JSON.parse(JSON.stringify(challengeView(row, t0, limits)))).toStrictEqual({
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
    })
  })

  test('shows the delivery status if known, and never the message id', () => {
    const seen = (receipt: Receipt) => {
      const view = challengeView(phoneRow({ challenge: challengeWith({ receipt }) }), t0, limits)
      expect(JSON.stringify(view)).not.toContain('SM1')
      return { delivery: view?.delivery, deliveryReason: view?.deliveryReason }
    }
    expect(seen(receiptWith({ status: 'sent' }))).toEqual({ delivery: 'sent' })
    expect(seen(receiptWith({ status: 'failed', reason: 'blocked' }))).toEqual({
      delivery: 'failed',
      deliveryReason: 'blocked',
    })
  })

  test.each(hidden)('does not contain its id, its key or the full phone: %s', (secret) => {
    expect(JSON.stringify(challengeView(row, t0, limits))).not.toContain(secret)
  })

  test('is null without a challenge', () => {
    expect(challengeView(rowWith(), t0, limits)).toBeNull()
  })

  test('is null once the challenge is void because the row has another epoch', () => {
    expect(challengeView({ ...row, epoch: 1 }, t0, limits)).toBeNull()
  })

  test('rounds seconds up and never goes below zero', () => {
    const at = (now: number) => challengeView(row, now, limits)
    expect(at(t0 + 1)).toMatchObject({ expiresInSeconds: 300, resendInSeconds: 30 })
    expect(at(t0 + second)).toMatchObject({ expiresInSeconds: 299, resendInSeconds: 29 })
    expect(at(t0 + 5 * minute - 1)).toMatchObject({ expiresInSeconds: 1, resendInSeconds: 0 })
    expect(at(t0 + 5 * minute + 1)).toMatchObject({ expiresInSeconds: 0 })
  })

  test('offers a resend from now if one is already allowed', () => {
    const now = t0 + minute
    expect(challengeView(row, now, limits)?.resendAt).toEqual(new Date(now))
  })

  test('offers a resend at the end of the day if its messages are used up', () => {
    const spent = { ...limits, policy: resolvePolicy({ sendsPerDay: 1 }) }
    expect(challengeView(row, t0, spent)?.resendAt).toEqual(new Date(t0 + day))
  })

  test('shows the attempts left of its own budget', () => {
    const guessed = phoneRow({ challenge: challengeWith({ attempts: 3, maxAttempts: 4 }) })
    expect(challengeView(guessed, t0, limits)?.attemptsLeft).toBe(1)
  })

  test('shows the channel and the length of the code', () => {
    const called = withPhoneFields(row, { challenge: challengeWith({ channel: 'call' }) })
    expect(challengeView(called, t0, { ...limits, codeLength: 8 })).toMatchObject({
      channel: 'call',
      codeLength: 8,
    })
  })
})

describe('the challenge that a refusal carries', () => {
  const issued = issue(rowWith(), t0, policy, null, freshChallenge()).state

  test('is present through the grace and gone at its end', () => {
    const viewAt = (now: number) => challengeFacts(issued, now, limits)
    expect(viewAt(t0 + 310 * second - 1)).toMatchObject({ challenge: { expiresInSeconds: 0 } })
    expect(viewAt(t0 + 310 * second)).toEqual({})
    expect(isUnexpired(challengeWith(), t0 + 310 * second - 1, policy)).toBe(true)
    expect(isUnexpired(challengeWith(), t0 + 310 * second, policy)).toBe(false)
  })

  test('is absent without a challenge', () => {
    expect(challengeFacts(rowWith(), t0, limits)).toEqual({})
  })

  test.each(hidden)('does not contain its id, its key or the full phone: %s', (secret) => {
    const facts = challengeFacts(issued, t0, limits)
    expect(facts).toHaveProperty('challenge.status', 'pending')
    expect(JSON.stringify(facts)).not.toContain(secret)
  })
})

describe('the view of a pending challenge', () => {
  test('is the session’s own, or any for a caller without a session', () => {
    const view = challengeView(row, t0, limits)
    expect(runningView(row, t0, limits, 'session-1')).toEqual(view)
    expect(runningView(row, t0, limits, undefined)).toEqual(view)
    expect(runningView(row, t0, limits, 'session-2')).toBeNull()
    expect(runningView(row, t0, limits, null)).toBeNull()
  })

  test('ends with its grace, whoever asks', () => {
    for (const sessionKey of ['session-1', undefined]) {
      expect(runningView(row, t0 + 310 * second - 1, limits, sessionKey)).not.toBeNull()
      expect(runningView(row, t0 + 310 * second, limits, sessionKey)).toBeNull()
    }
  })
})

describe('the time of the next message in a refusal', () => {
  test('is the end of the wait, and absent without one', () => {
    expect(resendFacts(row, t0 + second, policy)).toEqual({
      retryAt: new Date(t0 + 30 * second),
      retryAfterSeconds: 29,
    })
    expect(resendFacts(row, t0 + 30 * second, policy)).toEqual({})
    expect(resendFacts(rowWith(), t0, policy)).toEqual({})
  })
})

describe('the view of a grant from a phone', () => {
  test('shows how, since when and until when, and never its id', () => {
    const { flow } = phoneFlow(() => t0)
    expect(JSON.parse(JSON.stringify(passedView(flow, grantWith())))).toStrictEqual({
      method: 'sms',
      amr: ['pwd', 'otp', 'sms', 'mfa'],
      passedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T12:00:00.000Z',
    })
  })
})
