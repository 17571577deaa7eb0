import { describe, expect, test } from 'vitest'

import { countSend } from '../../src/factors/phone/rules/send-ledger.js'
import { noSends, type Receipt } from '../../src/core/state.js'
import { challengeView, passedView } from '../../src/core/view.js'
import {
  cameroon,
  challengeOf,
  day,
  grantOf,
  minute,
  policyOf,
  rowOf,
  second,
  t0,
} from './build.js'

const policy = policyOf()
const row = rowOf({ challenge: challengeOf(), sends: countSend(noSends, t0, policy) })

describe('what a client sees of a challenge', () => {
  test('is the contract’s Challenge, field by field', () => {
    expect(JSON.parse(JSON.stringify(challengeView(row, t0, policy)))).toStrictEqual({
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

  test('says how far the message has come, where that is known, and never names the message', () => {
    const seen = (receipt: Receipt) => {
      const view = challengeView(rowOf({ challenge: challengeOf({ receipt }) }), t0, policy)
      expect(JSON.stringify(view)).not.toContain('SM1')
      return { delivery: view?.delivery, deliveryReason: view?.deliveryReason }
    }
    expect(seen({ ref: 'SM1', status: 'sent', reason: null })).toEqual({ delivery: 'sent' })
    expect(seen({ ref: 'SM1', status: 'failed', reason: 'blocked' })).toEqual({
      delivery: 'failed',
      deliveryReason: 'blocked',
    })
  })

  test('holds neither its id, nor its key, nor the whole number', () => {
    const text = JSON.stringify(challengeView(row, t0, policy))
    for (const hidden of ['challenge-1', 'key-1', cameroon.slice(1)]) {
      expect(text).not.toContain(hidden)
    }
  })

  test('is nothing where no challenge runs', () => {
    expect(challengeView(rowOf(), t0, policy)).toBeNull()
  })

  test('counts seconds up, and never below zero', () => {
    const at = (now: number) => challengeView(row, now, policy)
    expect(at(t0 + 1)).toMatchObject({ expiresInSeconds: 300, resendInSeconds: 30 })
    expect(at(t0 + second)).toMatchObject({ expiresInSeconds: 299, resendInSeconds: 29 })
    expect(at(t0 + 5 * minute - 1)).toMatchObject({ expiresInSeconds: 1, resendInSeconds: 0 })
    expect(at(t0 + 5 * minute + 1)).toMatchObject({ expiresInSeconds: 0 })
  })

  test('says that a message may be asked for now, where it may', () => {
    const now = t0 + minute
    expect(challengeView(row, now, policy)?.resendAt).toEqual(new Date(now))
  })

  test('says when the day ends, where its messages are spent', () => {
    const limits = policyOf({ sendsPerDay: 1 })
    expect(challengeView(row, t0, limits)?.resendAt).toEqual(new Date(t0 + day))
  })

  test('counts the guesses that are left of its own budget', () => {
    const guessed = { ...row, challenge: challengeOf({ attempts: 3, maxAttempts: 4 }) }
    expect(challengeView(guessed, t0, policy)?.attemptsLeft).toBe(1)
  })

  test('names the channel and the length of the code', () => {
    const called = { ...row, challenge: challengeOf({ channel: 'call' }) }
    expect(challengeView(called, t0, policyOf({ codeLength: 8 }))).toMatchObject({
      channel: 'call',
      codeLength: 8,
    })
  })
})

describe('what a client sees of a grant', () => {
  test('is how, since when and until when, and never its id', () => {
    expect(JSON.parse(JSON.stringify(passedView(grantOf())))).toStrictEqual({
      method: 'sms',
      amr: ['pwd', 'otp', 'sms', 'mfa'],
      passedAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T12:00:00.000Z',
    })
  })
})
