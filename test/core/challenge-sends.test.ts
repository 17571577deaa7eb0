import { describe, expect, test } from 'vitest'

import { abandon, findJudgeable, recordWrongCode, issue, undoSend, type Issued } from '../../src/factors/phone/rules/challenge.js'
import { isRefusal } from '../../src/core/refusal.js'
import { countSend } from '../../src/factors/phone/rules/send-ledger.js'
import { noSends, type SubjectState } from '../../src/core/state.js'
import {
  challengeOf,
  day,
  freshOf,
  grantOf,
  hour,
  india,
  minute,
  policyOf,
  rowOf,
  second,
  t0,
} from './build.js'

const policy = policyOf()
const own = { purpose: 'sign-in', challengeId: 'challenge-1' } as const
const lockedRow = rowOf({
  challenge: challengeOf(),
  failures: 10,
  lock: { tier: 1, until: t0 + 30 * minute },
})

/** A row whose challenge went out at `t0`, by the rules themselves. */
function issuedRow(limits = policy): SubjectState {
  return issue(rowOf(), t0, limits, null, freshOf()).state
}

function issuedOf(outcome: ReturnType<typeof issue>['outcome']): Issued {
  if (isRefusal(outcome)) throw new Error(`refused: ${outcome.code}`)
  return outcome
}

describe('the first code', () => {
  test('starts a challenge with its whole life and budget, and counts one message', () => {
    const row = rowOf()
    const { state, outcome } = issue(row, t0, policy, null, freshOf())
    expect(state.challenge).toEqual(challengeOf())
    expect(state.sends).toEqual(countSend(noSends, t0, policy))
    expect(outcome).toEqual({
      status: 'issued',
      challenge: challengeOf(),
      resent: false,
      before: row,
    })
  })

  test('changes nothing else of the row', () => {
    const row = rowOf({ failures: 7, epoch: 3, grants: [grantOf()], version: 9 })
    const { state } = issue(row, t0, policy, null, freshOf())
    expect({ ...state, challenge: null, sends: noSends }).toEqual(row)
  })
})

describe('asking again in the same session', () => {
  const row = issuedRow()
  const again = (
    now: number,
    from = row,
    fresh = freshOf({ id: 'challenge-2' }),
    limits = policy,
  ) => issue(from, now, limits, 'challenge-1', fresh)

  test('sends the same code again, and moves neither its expiry nor its budget', () => {
    const guessed = recordWrongCode(row, t0 + second, policy).state
    const { state, outcome } = again(t0 + 30 * second, guessed)
    expect(issuedOf(outcome).resent).toBe(true)
    expect(state.challenge).toEqual(challengeOf({ attempts: 1, sends: 2 }))
    expect(state.failures).toBe(1)
    expect(state.sends.nextAt).toBe(t0 + 90 * second)
  })

  test('does so while 60 s of a long life remain, to the millisecond', () => {
    expect(issuedOf(again(t0 + 4 * minute).outcome).resent).toBe(true)
    expect(issuedOf(again(t0 + 4 * minute + 1).outcome).resent).toBe(false)
  })

  test('does so while half of a short life remains, to the millisecond', () => {
    const short = policyOf({ codeLifetimeSeconds: 6, resendLadderSeconds: [1] })
    const from = issuedRow(short)
    expect(issuedOf(again(t0 + 3_000, from, freshOf(), short).outcome).resent).toBe(true)
    expect(issuedOf(again(t0 + 3_001, from, freshOf(), short).outcome).resent).toBe(false)
  })

  test('brings a new challenge with a new budget where the old code has too little life left', () => {
    const guessed = recordWrongCode(row, t0 + second, policy).state
    const now = t0 + 4 * minute + 1
    expect(again(now, guessed).state.challenge).toEqual(
      challengeOf({ id: 'challenge-2', issuedAt: now, expiresAt: now + 5 * minute }),
    )
  })

  test('brings a new challenge once the budget is spent', () => {
    const spent = { ...row, challenge: challengeOf({ attempts: 5 }) }
    const { state, outcome } = again(t0 + 30 * second, spent)
    expect(issuedOf(outcome).resent).toBe(false)
    expect(state.challenge).toMatchObject({ id: 'challenge-2', attempts: 0 })
  })

  test('brings a new challenge for another number or purpose', () => {
    for (const parts of [{ destination: india }, { purpose: 'enrolment' }] as const) {
      const fresh = freshOf({ id: 'challenge-2', ...parts })
      const { state, outcome } = again(t0 + 30 * second, row, fresh)
      expect(issuedOf(outcome).resent).toBe(false)
      expect(state.challenge).toMatchObject({ id: 'challenge-2', ...parts })
    }
  })

  test('sends the same code by another channel, if that is asked for', () => {
    const { state, outcome } = again(t0 + 30 * second, row, freshOf({ id: 'x', channel: 'call' }))
    expect(issuedOf(outcome).resent).toBe(true)
    expect(state.challenge).toEqual(challengeOf({ channel: 'call', sends: 2 }))
  })

  test('brings a new challenge where the clock was set back behind the old one', () => {
    const future = {
      ...rowOf(),
      challenge: challengeOf({ issuedAt: t0 + 31 * second, expiresAt: t0 + hour }),
    }
    expect(issuedOf(again(t0, future).outcome).resent).toBe(false)
    expect(issuedOf(again(t0 + second, future).outcome).resent).toBe(true)
  })

  test('goes on with failures and the ladder, whichever of the two it brings', () => {
    const failed = { ...row, failures: 4 }
    for (const now of [t0 + 30 * second, t0 + 5 * minute]) {
      const { state } = again(now, failed)
      expect(state.failures).toBe(4)
      expect(state.sends.rung).toBe(2)
      expect(state.sends.nextAt).toBe(now + minute)
    }
  })
})

describe('asking from another session', () => {
  test.each(['challenge-of-another-time', null])('ends the running challenge: %s', (ownId) => {
    const fresh = freshOf({ id: 'challenge-2' })
    const row = issuedRow()
    const { state, outcome } = issue(row, t0 + 30 * second, policy, ownId, fresh)
    expect(issuedOf(outcome)).toMatchObject({ resent: false, before: row })
    expect(state.challenge?.id).toBe('challenge-2')
    expect(findJudgeable(state, t0 + 31 * second, policy, own)).toMatchObject({ code: 'no_challenge' })
  })
})

describe('a code that may not be sent', () => {
  const row = issuedRow()
  const spent = { ...row, sends: { ...row.sends, windowCount: 10 } }
  const refusalAt = (from: SubjectState, now: number, ownId: string | null = null) =>
    issue(from, now, policy, ownId, freshOf({ id: 'challenge-2' }))

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

  test('is refused with the running challenge for its own session, and with none for another', () => {
    expect(refusalAt(row, t0 + second, 'challenge-1').outcome).toMatchObject({
      code: 'cooldown',
      challenge: { status: 'pending', attemptsLeft: 5, destination: '••••67' },
    })
    expect(refusalAt(row, t0 + second, 'challenge-0').outcome).not.toHaveProperty('challenge')
    expect(refusalAt(row, t0 + second).outcome).not.toHaveProperty('challenge')
  })

  test('is refused for the day before it is refused for the wait', () => {
    expect(refusalAt(spent, t0 + second).outcome).toMatchObject({
      code: 'send_limit',
      retryAt: new Date(t0 + day),
      retryAfterSeconds: 86_399,
    })
  })

  test('names an instant at which asking again really helps', () => {
    const late = { ...spent.sends, nextAt: t0 + day + minute }
    expect(refusalAt({ ...spent, sends: late }, t0 + day - 1).outcome).toMatchObject({
      code: 'send_limit',
      retryAt: new Date(t0 + day + minute),
    })
    expect(refusalAt({ ...spent, sends: late }, t0 + day + minute).outcome.status).toBe('issued')
  })

  test('is refused for the lock before anything else', () => {
    const both = { ...spent, lock: lockedRow.lock }
    expect(refusalAt(both, t0 + second).outcome).toMatchObject({ code: 'locked_out' })
  })
})

describe('a message that certainly reached nobody', () => {
  const first = issue(rowOf({ failures: 3 }), t0, policy, null, freshOf())
  const again = issue(first.state, t0 + 30 * second, policy, 'challenge-1', freshOf())
  const back = (row: SubjectState, issued: ReturnType<typeof issue>, now: number) =>
    undoSend(row, now, policy, issuedOf(issued.outcome)).state

  test('takes its challenge with it, and leaves a wait of 5 seconds', () => {
    expect(back(first.state, first, t0 + second)).toEqual(
      rowOf({ failures: 3, sends: { ...noSends, nextAt: t0 + 6 * second } }),
    )
  })

  test('leaves a challenge that an earlier message carried', () => {
    const state = back(again.state, again, t0 + 31 * second)
    expect(state.challenge).toEqual(challengeOf({ sends: 1 }))
    expect(state.sends).toEqual({ ...first.state.sends, nextAt: t0 + 36 * second })
  })

  test('keeps the failures that were counted while it was on its way', () => {
    const guessed = recordWrongCode(first.state, t0 + second, policy).state
    expect(back(guessed, first, t0 + 2 * second)).toMatchObject({ challenge: null, failures: 4 })
    const guessedAgain = recordWrongCode(again.state, t0 + 31 * second, policy).state
    expect(back(guessedAgain, again, t0 + 32 * second).challenge).toMatchObject({ attempts: 1 })
  })

  test('takes nothing back once a later message went out', () => {
    expect(back(again.state, first, t0 + minute)).toBe(again.state)
  })

  test('takes nothing back from a challenge that came after, nor where none runs', () => {
    const other = issue(
      first.state,
      t0 + minute,
      policy,
      null,
      freshOf({ id: 'challenge-2' }),
    ).state
    expect(back(other, first, t0 + 2 * minute)).toBe(other)
    const none = abandon(first.state, 'challenge-1').state
    expect(back(none, first, t0 + 2 * minute)).toBe(none)
  })

  test('takes nothing back twice', () => {
    const once = back(first.state, first, t0 + second)
    expect(back(once, first, t0 + 2 * second)).toBe(once)
  })

  test('gives a message of the day back', () => {
    const limits = policyOf({ sendsPerDay: 1 })
    const sent = issue(rowOf(), t0, limits, null, freshOf())
    const state = undoSend(sent.state, t0, limits, issuedOf(sent.outcome)).state
    expect(issue(state, t0 + 5 * second, limits, null, freshOf()).outcome.status).toBe('issued')
  })
})
