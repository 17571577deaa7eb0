import { describe, expect, test } from 'vitest'

import { resolvePolicy, defaultPolicy as policy } from '../../../../src/core/policy.js'
import { keepUntil } from '../../../../src/core/retention.js'
import type { ResetScope } from '../../../../src/core/admin.js'
import { findJudgeable, isUnexpired } from '../../../../src/factors/phone/rules/challenge.js'
import {
  emptyPart,
  noSends,
  type Challenge,
  type PhonePart,
} from '../../../../src/factors/phone/rules/part.js'
import {
  afterReset,
  afterSuccess,
  expired,
  phoneKeepUntil,
} from '../../../../src/factors/phone/rules/reset.js'
import { countSend, restartLadder } from '../../../../src/factors/phone/rules/send-ledger.js'
import { grantWith } from '../../../core/build.js'
import { day, hour, minute, second, t0 } from '../../../support/clock.js'
import { phoneOf, withPhoneFields } from '../../../support/rows.js'
import { challengeWith, phoneRow } from './build.js'

const now = t0 + minute
const sends = countSend(countSend(noSends, t0, policy), t0 + 30 * second, policy)
const challenge = challengeWith({ attempts: 3, sends: 2 })
const part: PhonePart = { challenge, sends }
const later = { added: 'by a later release' }

describe('the retention of the phone’s part', () => {
  test.each([
    ['nothing: it may go at once', {}, 0],
    ['the wait for the next message', { sends: { ...noSends, nextAt: t0 + hour } }, t0 + hour],
    [
      'the quiet that resets the ladder',
      { sends: { ...noSends, resetAt: t0 + 5 * day } },
      t0 + 5 * day,
    ],
    ['the budget of its day', { sends: { ...noSends, windowStartedAt: t0 + 7 } }, t0 + day + 7],
    [
      'a day after its challenge',
      { challenge: challengeWith({ expiresAt: t0 + hour }) },
      t0 + day + hour,
    ],
  ])('is until the end of %s', (_what, fields, until) => {
    expect(phoneKeepUntil({ ...emptyPart, ...fields })).toBe(until)
  })

  test('is until the latest of these times', () => {
    const all: PhonePart = {
      challenge: challengeWith({ expiresAt: t0 + hour }),
      sends: { ...noSends, nextAt: t0 + hour, resetAt: t0 + 3 * day, windowStartedAt: t0 },
    }
    expect(phoneKeepUntil(all)).toBe(t0 + 3 * day)
  })

  test('counts in the row together with the shared state', () => {
    const until = (row: Parameters<typeof keepUntil>[0]) =>
      keepUntil(row, (_kind, stored) => phoneKeepUntil(stored))
    expect(until(phoneRow({}))).toBe(t0)
    expect(until(phoneRow({ challenge }))).toBe(challenge.expiresAt + day)
    const grants = [grantWith({ expiresAt: t0 + 2 * day })]
    expect(until(phoneRow({ challenge }, { grants }))).toBe(t0 + 2 * day)
    expect(until(phoneRow({ challenge }, { failures: 1 }))).toBeNull()
  })
})

describe('a pass by any factor', () => {
  test('uses up the challenge and restarts the ladder but not the daily limit', () => {
    expect(afterSuccess(part)).toEqual({ challenge: null, sends: restartLadder(sends) })
    expect(afterSuccess(part).sends).toMatchObject({ rung: 0, nextAt: null, windowCount: 2 })
  })

  test('keeps unknown fields', () => {
    expect(afterSuccess({ ...part, later } as PhonePart)).toMatchObject({ later })
  })
})

describe('a reset', () => {
  const row = phoneRow(part)
  const after = (scope: ResetScope, from = row) => afterReset(from, scope, now, policy)

  test('of everything leaves no challenge and no counters', () => {
    expect(after('all')).toEqual({ challenge: null, sends: noSends })
  })

  test('of the attempts restores only the pending challenge’s attempts', () => {
    expect(after('attempts')).toEqual({ challenge: { ...challenge, attempts: 0 }, sends })
    expect(after('attempts', phoneRow({ sends }))).toEqual({ challenge: null, sends })
  })

  test('of the resends clears only the message counters', () => {
    expect(after('resends')).toEqual({ challenge, sends: noSends })
  })

  test('of the challenge only expires it', () => {
    const next = after('challenge')
    // Over in every process, however far the clock of this one is ahead: its grace, and twice the skew of clocks.
    const expiresAt = challenge.issuedAt - (10 + 60) * second
    expect(next).toEqual({ challenge: { ...challenge, expiresAt }, sends })
    const attempt = { purpose: 'sign-in', sessionKey: 'session-1' } as const
    expect(findJudgeable(row, now, policy, attempt)).toBe(challenge)
    expect(findJudgeable(withPhoneFields(row, next), now, policy, attempt)).toMatchObject({
      code: 'code_expired',
    })
    expect(after('challenge', phoneRow({ sends }))).toEqual({ challenge: null, sends })
  })

  test.each(['all', 'attempts', 'resends', 'challenge'] as const)(
    'does not revive a challenge of another epoch: %s',
    (scope) => {
      expect(after(scope, { ...row, epoch: 1 }).challenge).toBeNull()
    },
  )

  test.each(['all', 'attempts', 'resends', 'challenge'] as const)(
    'keeps unknown fields: %s',
    (scope) => {
      const stored = withPhoneFields(row, { later } as Partial<PhonePart>)
      expect(phoneOf(stored)).toMatchObject({ later })
      expect(after(scope, stored)).toMatchObject({ later })
    },
  )
})

describe('an expired challenge', () => {
  const endOf = (from: Challenge | null, graceSeconds = 10) =>
    expired({ ...part, challenge: from }, now, resolvePolicy({ graceSeconds })).challenge

  test.each([0, 10, 30])('is over at once, including its grace of %d s', (graceSeconds) => {
    const over = endOf(challenge, graceSeconds)
    expect(over).toEqual({ ...challenge, expiresAt: now - graceSeconds * second })
    expect(over && isUnexpired(over, now, resolvePolicy({ graceSeconds }))).toBe(false)
  })

  test('never lasts longer than before', () => {
    const earlier = challengeWith({ expiresAt: t0 - hour })
    expect(endOf(earlier)).toEqual(earlier)
  })

  test('does not exist if there was none', () => {
    expect(endOf(null)).toBeNull()
  })
})
