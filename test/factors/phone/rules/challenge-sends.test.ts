import { describe, expect, test } from 'vitest'

import { recordFailure } from '../../../../src/core/ledger.js'
import { defaultPolicy as policy, resolvePolicy } from '../../../../src/core/policy.js'
import { isRefusal } from '../../../../src/core/refusal.js'
import type { Instant, SubjectState } from '../../../../src/core/state.js'
import {
  abandon,
  countGuess,
  findJudgeable,
  issue,
  undoSend,
  type Issued,
} from '../../../../src/factors/phone/rules/challenge.js'
import { emptyPart, noSends } from '../../../../src/factors/phone/rules/part.js'
import { countSend } from '../../../../src/factors/phone/rules/send-ledger.js'
import { startChallenge } from '../../../../src/factors/phone/start-challenge.js'
import { grantWith, rowWith } from '../../../core/build.js'
import { day, hour, minute, second, t0 } from '../../../support/clock.js'
import { cameroon, india } from '../../../support/phones.js'
import { phoneOf, withPhoneFields } from '../../../support/rows.js'
import { challengeWith, freshChallenge, phoneFlow, phoneRow, receiptWith } from './build.js'

const own = { purpose: 'sign-in', sessionKey: 'session-1' } as const
const lockedRow = phoneRow(
  { challenge: challengeWith() },
  { failures: 10, lock: { tier: 1, until: t0 + 30 * minute } },
)

/** A row whose challenge went out at `t0`, by the rules themselves. */
function issuedRow(limits = policy): SubjectState {
  return issue(rowWith(), t0, limits, null, freshChallenge()).state
}

/** The row after a wrong code, by the rules of both ledgers. */
function afterWrongCode(row: SubjectState, now: Instant): SubjectState {
  const challenge = findJudgeable(row, now, policy, own)
  if (isRefusal(challenge)) throw new Error(`refused: ${challenge.code}`)
  return withPhoneFields(recordFailure(row, now, policy), countGuess(phoneOf(row), challenge).part)
}

function issuedOf(outcome: ReturnType<typeof issue>['outcome']): Issued {
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.code}`)
  return outcome
}

describe('the first code', () => {
  test('starts a challenge with its full lifetime and attempts, and counts one message', () => {
    const row = rowWith()
    const { state, outcome } = issue(row, t0, policy, null, freshChallenge())
    expect(phoneOf(state)).toEqual({
      challenge: challengeWith(),
      sends: countSend(noSends, t0, policy),
    })
    expect(outcome).toEqual({
      status: 'issued',
      challenge: challengeWith(),
      resent: false,
      before: emptyPart,
    })
  })

  test('changes nothing else of the row', () => {
    const row = rowWith({ failures: 7, epoch: 3, grants: [grantWith()], version: 9 })
    const { state } = issue(row, t0, policy, null, freshChallenge())
    expect(phoneOf(state).challenge).toEqual(challengeWith({ epoch: 3 }))
    expect({ ...state, factors: row.factors }).toEqual(row)
  })
})

describe('asking again in the same session', () => {
  const row = issuedRow()
  const again = (
    now: number,
    from = row,
    fresh = freshChallenge({ id: 'challenge-2' }),
    limits = policy,
  ) => issue(from, now, limits, phoneOf(from).challenge, fresh)

  test('resends the same code and changes neither its expiry nor its attempts', () => {
    const guessed = afterWrongCode(row, t0 + second)
    const { state, outcome } = again(t0 + 30 * second, guessed)
    expect(issuedOf(outcome).resent).toBe(true)
    expect(phoneOf(state).challenge).toEqual(challengeWith({ attempts: 1, sends: 2 }))
    expect(state.failures).toBe(1)
    expect(phoneOf(state).sends.nextAt).toBe(t0 + 90 * second)
  })

  test('resends while 60 s of a long lifetime remain, to the millisecond', () => {
    expect(issuedOf(again(t0 + 4 * minute).outcome).resent).toBe(true)
    expect(issuedOf(again(t0 + 4 * minute + 1).outcome).resent).toBe(false)
  })

  test('resends while half of a short lifetime remains, to the millisecond', () => {
    const short = resolvePolicy({ codeLifetimeSeconds: 6, resendLadderSeconds: [1] })
    const from = issuedRow(short)
    expect(issuedOf(again(t0 + 3_000, from, freshChallenge(), short).outcome).resent).toBe(true)
    expect(issuedOf(again(t0 + 3_001, from, freshChallenge(), short).outcome).resent).toBe(false)
  })

  test('starts a new challenge with new attempts if the old code has too little time left', () => {
    const guessed = afterWrongCode(row, t0 + second)
    const now = t0 + 4 * minute + 1
    expect(phoneOf(again(now, guessed).state).challenge).toEqual(
      challengeWith({ id: 'challenge-2', issuedAt: now, expiresAt: now + 5 * minute }),
    )
  })

  test('starts a new challenge once the attempts are spent', () => {
    const spent = withPhoneFields(row, { challenge: challengeWith({ attempts: 5 }) })
    const { state, outcome } = again(t0 + 30 * second, spent)
    expect(issuedOf(outcome).resent).toBe(false)
    expect(phoneOf(state).challenge).toMatchObject({ id: 'challenge-2', attempts: 0 })
  })

  test('starts a new challenge for another phone or purpose', () => {
    for (const parts of [{ destination: india }, { purpose: 'enrolment' }] as const) {
      const fresh = freshChallenge({ id: 'challenge-2', ...parts })
      const { state, outcome } = again(t0 + 30 * second, row, fresh)
      expect(issuedOf(outcome).resent).toBe(false)
      expect(phoneOf(state).challenge).toMatchObject({ id: 'challenge-2', ...parts })
    }
  })

  test('sends the same code by another channel if requested', () => {
    const { state, outcome } = again(
      t0 + 30 * second,
      row,
      freshChallenge({ id: 'x', channel: 'call' }),
    )
    expect(issuedOf(outcome).resent).toBe(true)
    expect(phoneOf(state).challenge).toEqual(challengeWith({ channel: 'call', sends: 2 }))
  })

  test('starts a new challenge if the clock was set back to before the old one', () => {
    const future = phoneRow({
      challenge: challengeWith({ issuedAt: t0 + 31 * second, expiresAt: t0 + hour }),
    })
    expect(issuedOf(again(t0, future).outcome).resent).toBe(false)
    expect(issuedOf(again(t0 + second, future).outcome).resent).toBe(true)
  })

  test('keeps the failures and the ladder in both cases', () => {
    const failed = { ...row, failures: 4 }
    for (const now of [t0 + 30 * second, t0 + 5 * minute]) {
      const { state } = again(now, failed)
      expect(state.failures).toBe(4)
      expect(phoneOf(state).sends.rung).toBe(2)
      expect(phoneOf(state).sends.nextAt).toBe(now + minute)
    }
  })
})

describe('asking from another session', () => {
  test('ends the pending challenge', () => {
    const fresh = freshChallenge({ id: 'challenge-2', sessionKey: 'session-2' })
    const row = issuedRow()
    const { state, outcome } = issue(row, t0 + 30 * second, policy, null, fresh)
    expect(issuedOf(outcome)).toMatchObject({ resent: false, before: phoneOf(row) })
    expect(phoneOf(state).challenge?.id).toBe('challenge-2')
    expect(findJudgeable(state, t0 + 31 * second, policy, own)).toMatchObject({
      code: 'no_challenge',
    })
  })
})

describe('a code that is not allowed yet', () => {
  const row = issuedRow()
  const spent = withPhoneFields(row, { sends: { ...phoneOf(row).sends, windowCount: 10 } })
  const refusalAt = (from: SubjectState, now: number) =>
    issue(from, now, policy, null, freshChallenge({ id: 'challenge-2' }))

  test('leaves the row as it is, the same object', () => {
    expect(refusalAt(row, t0 + second).state).toBe(row)
    expect(refusalAt(spent, t0 + second).state).toBe(spent)
    expect(refusalAt(lockedRow, t0).state).toBe(lockedRow)
  })

  test('is refused until the last millisecond of the wait', () => {
    expect(refusalAt(row, t0 + 30 * second - 1).outcome).toEqual({
      status: 'refused',
      code: 'cooldown',
      retryAt: new Date(t0 + 30 * second),
      retryAfterSeconds: 1,
    })
    expect(refusalAt(row, t0 + 30 * second).outcome.status).toBe('issued')
  })

  test.each([
    ['cooldown', row],
    ['send_limit', spent],
  ])(
    'is refused with the pending challenge for its own session and with none for another: %s',
    async (code, from) => {
      const { flow, context } = phoneFlow(() => t0 + second)
      await flow.store.compareAndSwap(from.subject, null, from)
      const answerFor = async (sessionKey: string | null | undefined) => {
        const { subject } = from
        const request = {
          subject,
          purpose: 'sign-in',
          destination: cameroon,
          locale: null,
        } as const
        return startChallenge(context, { ...request, sessionKey })
      }
      const challenge = { status: 'pending', attemptsLeft: 5, destination: '••••67' }
      expect(await answerFor('session-1')).toMatchObject({ code, challenge })
      expect(await answerFor(undefined)).toMatchObject({ code, challenge })
      for (const sessionKey of ['session-0', null]) {
        const answer = await answerFor(sessionKey)
        expect(answer).toMatchObject({ code })
        expect(answer).not.toHaveProperty('challenge')
      }
    },
  )

  test('is refused for the day before it is refused for the wait', () => {
    expect(refusalAt(spent, t0 + second).outcome).toMatchObject({
      code: 'send_limit',
      retryAt: new Date(t0 + day),
      retryAfterSeconds: 86_399,
    })
  })

  test('gives a time at which a retry succeeds', () => {
    const sends = { ...phoneOf(spent).sends, nextAt: t0 + day + minute }
    const late = withPhoneFields(spent, { sends })
    expect(refusalAt(late, t0 + day - 1).outcome).toMatchObject({
      code: 'send_limit',
      retryAt: new Date(t0 + day + minute),
    })
    expect(refusalAt(late, t0 + day + minute).outcome.status).toBe('issued')
  })

  test('is refused for the lock before anything else', () => {
    const both = { ...spent, lock: lockedRow.lock }
    expect(refusalAt(both, t0 + second).outcome).toMatchObject({ code: 'locked_out' })
  })
})

describe('a message that certainly reached nobody', () => {
  const first = issue(rowWith({ failures: 3 }), t0, policy, null, freshChallenge())
  const again = issue(
    first.state,
    t0 + 30 * second,
    policy,
    phoneOf(first.state).challenge,
    freshChallenge(),
  )
  const back = (row: SubjectState, issued: ReturnType<typeof issue>, now: number) =>
    undoSend(row, now, policy, issuedOf(issued.outcome)).state

  test('removes its challenge and leaves a wait of 5 seconds', () => {
    expect(back(first.state, first, t0 + second)).toEqual(
      phoneRow({ sends: { ...noSends, nextAt: t0 + 6 * second } }, { failures: 3 }),
    )
  })

  test('keeps a challenge that an earlier message carried', () => {
    const state = back(again.state, again, t0 + 31 * second)
    expect(phoneOf(state)).toEqual({
      challenge: challengeWith({ sends: 1 }),
      sends: { ...phoneOf(first.state).sends, nextAt: t0 + 36 * second },
    })
  })

  test('keeps that challenge’s channel and receipt of the earlier message', () => {
    const receipt = receiptWith({ status: 'sent' })
    const carried = withPhoneFields(first.state, { challenge: challengeWith({ receipt }) })
    const byCall = freshChallenge({ channel: 'call' })
    const called = issue(carried, t0 + 30 * second, policy, phoneOf(carried).challenge, byCall)
    expect(phoneOf(called.state).challenge).toMatchObject({ channel: 'call', receipt: null })
    const state = back(called.state, called, t0 + 31 * second)
    expect(phoneOf(state).challenge).toEqual(challengeWith({ receipt }))
  })

  test('keeps the failures that were counted while it was on its way', () => {
    const guessed = afterWrongCode(first.state, t0 + second)
    const undone = back(guessed, first, t0 + 2 * second)
    expect(undone.failures).toBe(4)
    expect(phoneOf(undone).challenge).toBeNull()
    const guessedAgain = afterWrongCode(again.state, t0 + 31 * second)
    const undoneAgain = back(guessedAgain, again, t0 + 32 * second)
    expect(undoneAgain.failures).toBe(4)
    expect(phoneOf(undoneAgain).challenge).toMatchObject({ attempts: 1, sends: 1 })
  })

  test('undoes nothing once a later message was sent', () => {
    expect(back(again.state, first, t0 + minute)).toBe(again.state)
  })

  test('undoes nothing for a later challenge, nor without one', () => {
    const other = issue(
      first.state,
      t0 + minute,
      policy,
      null,
      freshChallenge({ id: 'challenge-2' }),
    ).state
    expect(back(other, first, t0 + 2 * minute)).toBe(other)
    const none = withPhoneFields(first.state, abandon(first.state, 'session-1') ?? {})
    expect(phoneOf(none).challenge).toBeNull()
    expect(back(none, first, t0 + 2 * minute)).toBe(none)
  })

  test('undoes nothing twice', () => {
    const once = back(first.state, first, t0 + second)
    expect(back(once, first, t0 + 2 * second)).toBe(once)
  })

  test('restores the message to the daily limit', () => {
    const limits = resolvePolicy({ sendsPerDay: 1 })
    const sent = issue(rowWith(), t0, limits, null, freshChallenge())
    const state = undoSend(sent.state, t0, limits, issuedOf(sent.outcome)).state
    expect(issue(state, t0 + 5 * second, limits, null, freshChallenge()).outcome.status).toBe(
      'issued',
    )
  })
})
