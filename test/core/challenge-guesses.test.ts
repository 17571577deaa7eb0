import { describe, expect, test } from 'vitest'

import { abandon, findJudgeable, recordWrongCode, isUnexpired, issue, ownView, recordSuccess } from '../../src/factors/phone/rules/challenge.js'
import type { SubjectState } from '../../src/core/state.js'
import {
  cameroon,
  challengeOf,
  day,
  freshOf,
  grantOf,
  hour,
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

describe('a guess', () => {
  const row = issuedRow()

  test('is judged for the challenge and the purpose of its session', () => {
    expect(findJudgeable(row, t0, policy, own)).toBe(row.challenge)
  })

  test.each([
    ['another session', { purpose: 'sign-in', challengeId: 'challenge-2' }],
    ['a session that never asked', { purpose: 'sign-in', challengeId: null }],
    ['another purpose', { purpose: 'enrolment', challengeId: 'challenge-1' }],
    ['another purpose, sessionless', { purpose: 'enrolment', challengeId: undefined }],
  ] as const)('is not judged for %s', (_who, target) => {
    expect(findJudgeable(row, t0, policy, target)).toEqual({ status: 'refused', code: 'no_challenge' })
  })

  test('is judged for a caller that has no sessions, by its purpose alone', () => {
    expect(findJudgeable(row, t0, policy, { purpose: 'sign-in', challengeId: undefined })).toBe(
      row.challenge,
    )
  })

  test('is not judged where none was ever asked for', () => {
    for (const challengeId of ['challenge-1', null, undefined]) {
      expect(findJudgeable(rowOf(), t0, policy, { purpose: 'sign-in', challengeId })).toMatchObject({
        code: 'no_challenge',
      })
    }
  })

  test('is judged through the grace, to the last millisecond', () => {
    const ends = t0 + 310 * second
    expect(findJudgeable(row, t0 + 300 * second, policy, own)).toBe(row.challenge)
    expect(findJudgeable(row, ends - 1, policy, own)).toBe(row.challenge)
    expect(findJudgeable(row, ends, policy, own)).toEqual({ status: 'refused', code: 'code_expired' })
    expect(findJudgeable(row, ends + day, policy, own)).toMatchObject({ code: 'code_expired' })
  })

  test('is judged to the last millisecond of the life where there is no grace', () => {
    const strict = policyOf({ graceSeconds: 0 })
    expect(findJudgeable(row, t0 + 300 * second - 1, strict, own)).toBe(row.challenge)
    expect(findJudgeable(row, t0 + 300 * second, strict, own)).toMatchObject({ code: 'code_expired' })
  })

  test('is not judged where the clock was set back behind the code by more than 30 s', () => {
    expect(findJudgeable(row, t0 - 30 * second, policy, own)).toBe(row.challenge)
    expect(findJudgeable(row, t0 - 30 * second - 1, policy, own)).toMatchObject({ code: 'code_expired' })
  })

  test('is not judged once the budget is spent; asking again helps when a message is allowed', () => {
    const last = { ...row, challenge: challengeOf({ attempts: 4 }) }
    const spent = { ...row, challenge: challengeOf({ attempts: 5 }) }
    expect(findJudgeable(last, t0, policy, own)).toBe(last.challenge)
    expect(findJudgeable(spent, t0 + second, policy, own)).toEqual({
      status: 'refused',
      code: 'attempts_exhausted',
      attemptsLeft: 0,
      retryAt: new Date(t0 + 30 * second),
      retryAfterSeconds: 29,
    })
    expect(findJudgeable(spent, t0 + hour, policy, own)).toMatchObject({
      code: 'attempts_exhausted',
      retryAt: new Date(t0 + hour),
      retryAfterSeconds: 1,
    })
  })

  test('is refused in the public order: lock, challenge, budget, expiry', () => {
    const dead = challengeOf({ attempts: 5, expiresAt: t0 - day })
    const all = rowOf({ challenge: dead, lock: lockedRow.lock })
    expect(findJudgeable(all, t0, policy, { ...own, challengeId: 'x' })).toMatchObject({
      code: 'locked_out',
    })
    const open = rowOf({ challenge: dead })
    expect(findJudgeable(open, t0, policy, { ...own, challengeId: 'x' })).toMatchObject({
      code: 'no_challenge',
    })
    expect(findJudgeable(open, t0, policy, own)).toMatchObject({ code: 'attempts_exhausted' })
    const unspent = rowOf({ challenge: { ...dead, attempts: 0 } })
    expect(findJudgeable(unspent, t0, policy, own)).toMatchObject({ code: 'code_expired' })
  })

  test('is not judged while locked, and is judged again at the end of the lock', () => {
    const until = t0 + 30 * minute
    const long = rowOf({ ...lockedRow, challenge: challengeOf({ expiresAt: t0 + hour }) })
    expect(findJudgeable(long, until - 1, policy, own)).toMatchObject({ code: 'locked_out' })
    expect(findJudgeable(long, until, policy, own)).toBe(long.challenge)
  })

  test('keeps the budget that its challenge was made with, when the limit changes', () => {
    const four = rowOf({ challenge: challengeOf({ attempts: 4 }) })
    expect(findJudgeable(four, t0, policyOf({ maxAttempts: 1 }), own)).toBe(four.challenge)
    const five = rowOf({ challenge: challengeOf({ attempts: 5 }) })
    expect(findJudgeable(five, t0, policyOf({ maxAttempts: 10 }), own)).toMatchObject({
      code: 'attempts_exhausted',
    })
  })

  test('finds a count that cannot be spent, and never without end', () => {
    for (const attempts of [NaN, -1, -1_000, 0.5, 2 ** 31, null, undefined, '0'] as number[]) {
      const damaged = rowOf({ challenge: challengeOf({ attempts }) })
      expect(findJudgeable(damaged, t0, policy, own)).toMatchObject({ code: 'attempts_exhausted' })
    }
    for (const maxAttempts of [NaN, null, undefined, 0, -1] as number[]) {
      const damaged = rowOf({ challenge: challengeOf({ maxAttempts }) })
      expect(findJudgeable(damaged, t0, policy, own)).toMatchObject({ code: 'attempts_exhausted' })
    }
  })
})

describe('a wrong code', () => {
  test('costs one attempt and one failure, and says how many are left', () => {
    const { state, outcome } = recordWrongCode(issuedRow(), t0 + second, policy)
    expect(outcome).toEqual({ status: 'refused', code: 'code_incorrect', attemptsLeft: 4 })
    expect(state).toMatchObject({ failures: 1, challenge: { attempts: 1 } })
  })

  test('is the last of its budget with none left', () => {
    const row = rowOf({ challenge: challengeOf({ attempts: 4 }) })
    expect(recordWrongCode(row, t0, policy).outcome).toMatchObject({ code: 'code_incorrect', attemptsLeft: 0 })
  })

  test('leaves the sends and the grants alone', () => {
    const row = { ...issuedRow(), grants: [grantOf()] }
    const { state } = recordWrongCode(row, t0, policy)
    expect(state.sends).toBe(row.sends)
    expect(state.grants).toBe(row.grants)
  })

  test('brings the lock with the tenth failure, over however many challenges', () => {
    let row = rowOf()
    let now = t0
    for (let failed = 0; failed < 10; failed += 1) {
      if (failed % 4 === 0) {
        now = Math.max(now, row.sends.nextAt ?? 0)
        row = issue(row, now, policy, null, freshOf({ id: `challenge-${failed}` })).state
      }
      expect(row.lock.until).toBeNull()
      row = recordWrongCode(row, now, policy).state
    }
    expect(row.lock).toEqual({ tier: 1, until: now + 30 * minute })
  })

  test('counts nothing where no challenge runs', () => {
    const row = rowOf({ failures: 3 })
    expect(recordWrongCode(row, t0, policy)).toEqual({
      state: row,
      outcome: { status: 'refused', code: 'no_challenge' },
    })
  })
})

describe('a right code', () => {
  const before = {
    ...issuedRow(),
    failures: 23,
    lock: { tier: 2, until: t0 - 1 },
    grants: [grantOf({ id: 'old' }), grantOf({ id: 'elsewhere' })],
    epoch: 4,
  }
  const challenge = challengeOf()
  const pass = (parts: Partial<typeof challenge> = {}, replacedGrantId: string | null = 'old') =>
    recordSuccess(before, t0 + second, policy, { ...challenge, ...parts }, 'new', { replacedGrantId })

  test('uses its challenge up, so that the same code is not judged again', () => {
    const { state } = pass()
    expect(state.challenge).toBeNull()
    expect(findJudgeable(state, t0 + second, policy, own)).toMatchObject({ code: 'no_challenge' })
  })

  test('clears the failures, the tier of the lock, and the ladder, but not the budget of the day', () => {
    const { state } = pass()
    expect(state).toMatchObject({ failures: 0, lock: { tier: 0, until: null } })
    expect(state.sends).toMatchObject({ rung: 0, nextAt: null, windowCount: 1 })
  })

  test('adds a grant for 12 h in place of the earlier one of its session', () => {
    const { state, outcome } = pass()
    const grant = grantOf({
      id: 'new',
      issuedAt: t0 + second,
      expiresAt: t0 + second + 12 * hour,
    })
    expect(outcome).toEqual({ status: 'passed', grant, challenge })
    expect(state.grants).toEqual([grantOf({ id: 'elsewhere' }), grant])
    expect(state.epoch).toBe(4)
  })

  test('leaves the grants of other sessions where its own had none', () => {
    expect(pass({}, null).state.grants.map((grant) => grant.id)).toEqual([
      'old',
      'elsewhere',
      'new',
    ])
  })

  test('leaves the grants alone where no session is to hold one', () => {
    const { state, outcome } = recordSuccess(before, t0, policy, challenge, 'new', null)
    expect(state.grants).toBe(before.grants)
    expect(state).toMatchObject({ challenge: null, failures: 0 })
    expect(outcome.status).toBe('passed')
  })

  test('that confirms a number ends every other grant, and raises the epoch', () => {
    const { state } = pass({ purpose: 'enrolment' })
    expect(state.grants.map((grant) => grant.id)).toEqual(['new'])
    expect(state.epoch).toBe(5)
  })
})

describe('giving up', () => {
  test('ends the challenge of its own session, and counts nothing', () => {
    const row = { ...issuedRow(), failures: 2 }
    expect(abandon(row, 'challenge-1')).toEqual({
      state: { ...row, challenge: null },
      outcome: row.challenge,
    })
  })

  test('leaves the challenge of another session, and a row with none', () => {
    const row = issuedRow()
    const none = rowOf()
    expect(abandon(row, 'challenge-2')).toEqual({ state: row, outcome: null })
    expect(abandon(row, null).state).toBe(row)
    expect(abandon(none, null)).toEqual({ state: none, outcome: null })
    expect(abandon(none, 'challenge-1').state).toBe(none)
  })
})

describe('the view that a refusal carries', () => {
  test('is there through the grace, and gone at its end', () => {
    const row = issuedRow()
    const viewAt = (now: number) => ownView(row, now, policy, 'challenge-1')
    expect(viewAt(t0 + 310 * second - 1)).toMatchObject({ challenge: { expiresInSeconds: 0 } })
    expect(viewAt(t0 + 310 * second)).toEqual({})
    expect(isUnexpired(challengeOf(), t0 + 310 * second - 1, policy)).toBe(true)
    expect(isUnexpired(challengeOf(), t0 + 310 * second, policy)).toBe(false)
  })

  test('is nobody else’s', () => {
    const row = issuedRow()
    expect(ownView(row, t0, policy, null)).toEqual({})
    expect(ownView(row, t0, policy, 'challenge-2')).toEqual({})
    expect(ownView(rowOf(), t0, policy, null)).toEqual({})
  })

  test('holds neither the id, nor the key, nor the whole number', () => {
    const view = JSON.stringify(ownView(issuedRow(), t0, policy, 'challenge-1'))
    for (const hidden of ['challenge-1', 'key-1', cameroon, cameroon.slice(1)]) {
      expect(view).not.toContain(hidden)
    }
  })
})
