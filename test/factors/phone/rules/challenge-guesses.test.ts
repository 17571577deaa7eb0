import { describe, expect, test } from 'vitest'

import { StoreUnavailableError } from '../../../../src/core/errors.js'
import { recordFailure, type GrantHolder } from '../../../../src/core/ledger.js'
import { defaultPolicy as policy, resolvePolicy, type Policy } from '../../../../src/core/policy.js'
import { isRefusal } from '../../../../src/core/refusal.js'
import type { Instant, SubjectState } from '../../../../src/core/state.js'
import {
  abandon,
  countGuess,
  findJudgeable,
  issue,
} from '../../../../src/factors/phone/rules/challenge.js'
import { deriveCode } from '../../../../src/factors/phone/rules/code.js'
import type { Challenge } from '../../../../src/factors/phone/rules/part.js'
import { endSession } from '../../../../src/flows/grants.js'
import { verify } from '../../../../src/flows/verify.js'
import type { Attempt } from '../../../../src/ports/attempt.js'
import { grantWith, rowWith } from '../../../core/build.js'
import { day, hour, minute, second, t0 } from '../../../support/clock.js'
import { wrongCode } from '../../../support/codes.js'
import { phoneOf, rowOf, withPhoneFields } from '../../../support/rows.js'
import { challengeWith, freshChallenge, keys, phoneFlow, phoneRow } from './build.js'

const own = { purpose: 'sign-in', sessionKey: 'session-1' } as const
const noChallenge = { status: 'refused', code: 'no_challenge' }

/** A row whose challenge went out at `t0`, by the rules themselves. */
function issuedRow(fields: Partial<SubjectState> = {}): SubjectState {
  return issue(rowWith(fields), t0, policy, null, freshChallenge()).state
}

/** The code of the row's challenge. */
function codeOf(row: SubjectState): string {
  const { challenge } = phoneOf(row)
  return (challenge && deriveCode(keys, row.subject, challenge, 6)) ?? '000000'
}

/** The row after one more wrong code, by the rules of both ledgers. */
function afterWrongCode(row: SubjectState, now: Instant, limits: Policy = policy): SubjectState {
  const challenge = findJudgeable(row, now, limits, { ...own, sessionKey: undefined })
  if (isRefusal(challenge)) throw new Error(`refused: ${challenge.code}`)
  const { part } = countGuess(phoneOf(row), challenge)
  return withPhoneFields(recordFailure(row, now, limits), part)
}

/** Judges a code on a stored row: returns the answer, and the row afterwards. */
async function guess(
  row: SubjectState,
  now: Instant,
  fields: Partial<Attempt> & { readonly holder?: GrantHolder | null } = {},
) {
  const { flow, factor } = phoneFlow(() => now)
  await flow.store.compareAndSwap(row.subject, null, row)
  const { holder = null, ...attempt } = fields
  const outcome = await verify(flow, {
    ...{ subject: row.subject, factor, holder, ...own, evidence: codeOf(row) },
    ...attempt,
  })
  return { outcome, row: await rowOf(flow.store, row.subject) }
}

describe('a guess', () => {
  const row = issuedRow()
  const { challenge } = phoneOf(row)

  test('is judged for its session’s challenge and purpose', () => {
    expect(findJudgeable(row, t0, policy, own)).toBe(challenge)
    expect(challenge).not.toBeNull()
  })

  test.each([
    ['another session', { purpose: 'sign-in', sessionKey: 'session-2' }],
    ['a session that never asked', { purpose: 'sign-in', sessionKey: null }],
    ['another purpose', { purpose: 'enrolment', sessionKey: 'session-1' }],
    ['another purpose, without a session', { purpose: 'enrolment', sessionKey: undefined }],
  ] as const)('is not judged for %s', (_who, attempt) => {
    expect(findJudgeable(row, t0, policy, attempt)).toEqual(noChallenge)
  })

  test('is judged by purpose alone for a caller without a session', () => {
    expect(findJudgeable(row, t0, policy, { ...own, sessionKey: undefined })).toBe(challenge)
  })

  test('is not judged if no code was ever requested', () => {
    for (const sessionKey of ['session-1', null, undefined]) {
      expect(findJudgeable(rowWith(), t0, policy, { ...own, sessionKey })).toEqual(noChallenge)
    }
  })

  test('is judged until the last millisecond of the grace', () => {
    const ends = t0 + 310 * second
    const expired = { status: 'refused', code: 'code_expired' }
    expect(findJudgeable(row, t0 + 300 * second, policy, own)).toBe(challenge)
    expect(findJudgeable(row, ends - 1, policy, own)).toBe(challenge)
    expect(findJudgeable(row, ends, policy, own)).toEqual(expired)
    expect(findJudgeable(row, ends + day, policy, own)).toEqual(expired)
  })

  test('is judged until the last millisecond of the lifetime without a grace', () => {
    const strict = resolvePolicy({ graceSeconds: 0 })
    const ends = t0 + 300 * second
    expect(findJudgeable(row, ends - 1, strict, own)).toBe(challenge)
    expect(findJudgeable(row, ends, strict, own)).toMatchObject({ code: 'code_expired' })
  })

  test('is not judged if the clock was set back to more than 30 s before the code', () => {
    const before = t0 - 30 * second
    expect(findJudgeable(row, before, policy, own)).toBe(challenge)
    // So little is another server's clock: the person has only to try again.
    expect(findJudgeable(row, before - 1, policy, own)).toMatchObject({
      ...{ code: 'store_unavailable', retryAfterSeconds: 1 },
    })
    const leapt = t0 - 300 * second
    expect(findJudgeable(row, leapt, policy, own)).toMatchObject({ code: 'store_unavailable' })
    expect(findJudgeable(row, leapt - 1, policy, own)).toMatchObject({ code: 'code_expired' })
  })

  test('is not judged once the attempts are spent; the retry time is when a message is allowed', () => {
    const last = withPhoneFields(row, { challenge: challengeWith({ attempts: 4 }) })
    const spent = withPhoneFields(row, { challenge: challengeWith({ attempts: 5 }) })
    expect(findJudgeable(last, t0, policy, own)).toBe(phoneOf(last).challenge)
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

  test('is refused in the public order: lock, challenge, budget, expiry', async () => {
    const dead = challengeWith({ attempts: 5, expiresAt: t0 - day })
    const lock = { tier: 1, until: t0 + 30 * minute }
    const refusalOf = async (from: SubjectState, sessionKey = 'session-1') =>
      (await guess(from, t0, { sessionKey })).outcome
    const unspent = phoneRow({ challenge: { ...dead, attempts: 0 } })
    const open = phoneRow({ challenge: dead })
    expect(await refusalOf({ ...open, lock }, 'x')).toMatchObject({ code: 'locked_out' })
    expect(await refusalOf(open, 'x')).toMatchObject({ code: 'no_challenge' })
    expect(await refusalOf(open)).toMatchObject({ code: 'attempts_exhausted' })
    expect(await refusalOf(unspent)).toMatchObject({ code: 'code_expired' })
  })

  test('is not judged while locked, and is judged again at the end of the lock', async () => {
    const until = t0 + 30 * minute
    const locked = phoneRow(
      { challenge: challengeWith({ expiresAt: t0 + hour }) },
      { failures: 10, lock: { tier: 1, until } },
    )
    const early = await guess(locked, until - 1)
    expect(early.outcome).toMatchObject({ code: 'locked_out', retryAt: new Date(until) })
    expect(early.row).toBe(locked)
    expect((await guess(locked, until)).outcome).toMatchObject({ status: 'passed' })
  })

  test('counts nothing if it is not judged: the row stays the same object', async () => {
    for (const [from, attempt] of [
      [rowWith({ failures: 3 }), {}],
      [issuedRow({ failures: 3 }), { sessionKey: 'session-2' }],
      [issuedRow({ failures: 3 }), { sessionKey: null }],
      [issuedRow({ failures: 3 }), { purpose: 'enrolment' }],
    ] as const) {
      const after = await guess(from, t0 + second, attempt)
      expect(after.outcome).toEqual(noChallenge)
      expect(after.row).toBe(from)
    }
  })

  test('keeps the attempts its challenge started with when the limit changes', () => {
    const four = phoneRow({ challenge: challengeWith({ attempts: 4 }) })
    const fewer = resolvePolicy({ maxAttempts: 1 })
    expect(findJudgeable(four, t0, fewer, own)).toBe(phoneOf(four).challenge)
    const five = phoneRow({ challenge: challengeWith({ attempts: 5 }) })
    const more = resolvePolicy({ maxAttempts: 10 })
    expect(findJudgeable(five, t0, more, own)).toMatchObject({ code: 'attempts_exhausted' })
  })

  test.each([
    ...[NaN, -1, -1_000, 0.5, null, undefined, '0'].map((attempts) => ({ attempts })),
    ...[NaN, -1, -1_000, 0.5, null, undefined, '5'].map((maxAttempts) => ({ maxAttempts })),
  ])('is never judged on an impossible count: %o', (counts) => {
    const damaged = rowWith({
      factors: { phone: { ...phoneOf(row), challenge: challengeWith(counts as object) } as object },
    })
    const [field] = Object.keys(counts)
    expect(() => findJudgeable(damaged, t0, policy, own)).toThrow(StoreUnavailableError)
    expect(() => findJudgeable(damaged, t0, policy, own)).toThrow(
      `factors.phone.challenge.${field}`,
    )
  })

  test.each([{ attempts: 2 ** 31 }, { attempts: 6 }, { maxAttempts: 0 }])(
    'is not judged if the count is beyond the budget: %o',
    (counts) => {
      const spent = phoneRow({ challenge: challengeWith(counts) })
      expect(findJudgeable(spent, t0, policy, own)).toMatchObject({ code: 'attempts_exhausted' })
    },
  )
})

describe('a wrong code', () => {
  test('costs one attempt and one failure, and returns how many are left', async () => {
    const issued = issuedRow()
    const { outcome, row } = await guess(issued, t0 + second, {
      evidence: wrongCode(codeOf(issued)),
    })
    expect(outcome).toEqual({ status: 'refused', code: 'code_incorrect', attemptsLeft: 4 })
    expect(row.failures).toBe(1)
    expect(phoneOf(row).challenge).toEqual(challengeWith({ attempts: 1 }))
  })

  test('that is the last attempt returns none left', () => {
    const row = phoneRow({ challenge: challengeWith({ attempts: 4 }) })
    const { part, refusal } = countGuess(phoneOf(row), challengeWith({ attempts: 4 }))
    expect(refusal).toMatchObject({ code: 'code_incorrect', attemptsLeft: 0 })
    expect(part.challenge?.attempts).toBe(5)
  })

  test('leaves the send counters and the grants unchanged', async () => {
    const issued = issuedRow({ grants: [grantWith()] })
    const { row } = await guess(issued, t0, { evidence: wrongCode(codeOf(issued)) })
    expect(phoneOf(row).sends).toBe(phoneOf(issued).sends)
    expect(row.grants).toBe(issued.grants)
    expect(row.failures).toBe(1)
  })

  test('locks at the tenth failure, across any number of challenges', () => {
    let row = rowWith()
    let now = t0
    for (let failed = 0; failed < 10; failed += 1) {
      if (failed % 4 === 0) {
        now = Math.max(now, phoneOf(row).sends.nextAt ?? 0)
        const fresh = freshChallenge({ id: `challenge-${failed}` })
        row = issue(row, now, policy, null, fresh).state
      }
      expect(row.lock.until).toBeNull()
      row = afterWrongCode(row, now)
    }
    expect(row.lock).toEqual({ tier: 1, until: now + 30 * minute })
  })
})

describe('a right code', () => {
  const before = issuedRow({
    failures: 23,
    lock: { tier: 2, until: t0 - 1 },
    grants: [grantWith({ id: 'old' }), grantWith({ id: 'elsewhere' })],
    epoch: 4,
  })
  const pass = (
    challenge: Partial<Challenge> = {},
    holder: GrantHolder | null = { replacedGrantId: 'old' },
  ) => {
    const row = withPhoneFields(before, { challenge: challengeWith({ epoch: 4, ...challenge }) })
    const { purpose = 'sign-in' } = challenge
    return guess(row, t0 + second, { purpose, holder })
  }

  test('uses up its challenge, and the same code is not judged again', async () => {
    const { row } = await pass()
    expect(phoneOf(row).challenge).toBeNull()
    expect(findJudgeable(row, t0 + second, policy, own)).toEqual(noChallenge)
    const again = await guess(row, t0 + second, { evidence: codeOf(before) })
    expect(again.outcome).toEqual(noChallenge)
  })

  test('clears the failures, the lock tier and the ladder, and credits its message', async () => {
    const { row } = await pass()
    expect(row).toMatchObject({ failures: 0, lock: { tier: 0, until: null } })
    expect(phoneOf(row).sends).toMatchObject({
      ...{ rung: 0, nextAt: null, windowCount: 0, answeredCount: 1 },
    })
  })

  test('yields a grant for 12 h that replaces its session’s earlier one', async () => {
    const { row, outcome } = await pass()
    if (isRefusal(outcome)) throw new Error(`refused: ${outcome.code}`)
    const { grant } = outcome
    const issuedAt = t0 + second
    expect(grant).toEqual({
      id: grant.id,
      method: 'sms',
      issuedAt,
      expiresAt: issuedAt + 12 * hour,
      sessionKey: 'session-1',
    })
    expect(grant.id).toMatch(/^[\w-]{22}$/)
    const proof = challengeWith({ epoch: 4 })
    expect(outcome).toEqual({
      ...{ status: 'passed', grant, epoch: 4, purpose: 'sign-in', proof, facts: {} },
      passFacts: { elapsedSeconds: 1, country: 'CM' },
      holdsNothing: true,
    })
    expect(row.grants).toEqual([grantWith({ id: 'elsewhere' }), grant])
    expect(row.epoch).toBe(4)
  })

  test('keeps the grants of other sessions if its own had none', async () => {
    const { row } = await pass({}, { replacedGrantId: null })
    expect(row.grants.map(({ id }) => id).slice(0, -1)).toEqual(['old', 'elsewhere'])
    expect(row.grants).toHaveLength(3)
  })

  test('leaves the grants unchanged without a session', async () => {
    const { row, outcome } = await pass({}, null)
    expect(row.grants).toBe(before.grants)
    expect(row.failures).toBe(0)
    expect(phoneOf(row).challenge).toBeNull()
    expect(outcome.status).toBe('passed')
  })

  test('that verifies a phone ends every other grant and raises the epoch', async () => {
    const { row, outcome } = await pass({ purpose: 'enrolment' })
    if (isRefusal(outcome)) throw new Error(`refused: ${outcome.code}`)
    expect(row.grants).toEqual([outcome.grant])
    expect(row.epoch).toBe(5)
  })
})

describe('cancelling', () => {
  test('ends the challenge of its own session and counts nothing', async () => {
    const issued = issuedRow({ failures: 2 })
    expect(abandon(issued, 'session-1')).toEqual({ ...phoneOf(issued), challenge: null })
    const after = await givenUp(issued, 'session-1')
    expect(phoneOf(after)).toEqual({ ...phoneOf(issued), challenge: null })
    expect(after.failures).toBe(2)
  })

  test('keeps another session’s challenge, and a row without one', async () => {
    const issued = issuedRow()
    expect(abandon(issued, 'session-2')).toBeNull()
    expect(abandon(rowWith(), 'session-1')).toBeNull()
    for (const row of [issued, rowWith()]) {
      for (const key of ['session-2', undefined]) expect(await givenUp(row, key)).toBe(row)
    }
  })

  /** The row after a session that holds this challenge has given it up. */
  async function givenUp(row: SubjectState, sessionKey: string | undefined): Promise<SubjectState> {
    const { flow } = phoneFlow(() => t0)
    await flow.store.compareAndSwap(row.subject, null, row)
    await endSession(flow, row.subject, { sessionKey }, 'logout')
    return rowOf(flow.store, row.subject)
  }
})
