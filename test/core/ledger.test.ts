import { describe, expect, test } from 'vitest'

import {
  failuresUntilLock,
  isLocked,
  lockedUntil,
  lockRefusal,
  recordFailure,
  recordSuccess,
  undoFailure,
  type NewGrant,
} from '../../src/core/ledger.js'
import { defaultPolicy as policy, resolvePolicy } from '../../src/core/policy.js'
import { noLock, type Lock, type SubjectState } from '../../src/core/state.js'
import { unknownPart, withParts } from '../../src/testing/contract-fixtures.js'
import { day, hour, minute, second, t0 } from '../support/clock.js'
import { grantWith, rowWith } from './build.js'

/** A row after so many failures in a row, each as soon as the lock allows. */
function failTimes(times: number, limits = policy): { row: SubjectState; now: number } {
  let row = rowWith()
  let now = t0
  for (let failed = 0; failed < times; failed += 1) {
    now = Math.max(now, row.lock.until ?? 0)
    row = recordFailure(row, now, limits)
  }
  return { row, now }
}

describe('a lock', () => {
  test('starts at the tenth failure in a row, not at the ninth', () => {
    expect(isLocked(failTimes(9).row, t0)).toBe(false)
    const { row, now } = failTimes(10)
    expect(row.lock).toEqual({ tier: 1, until: now + 30 * minute })
  })

  test('starts at every tenth: 30 min, 1 h, 4 h, then 24 h until the hard stop', () => {
    const locks = [10, 20, 30, 40, 50, 60, 70, 80, 90].map((times) => {
      const { row, now } = failTimes(times)
      return [row.lock.tier, ((row.lock.until ?? 0) - now) / hour]
    })
    expect(locks).toEqual([
      [1, 0.5],
      [2, 1],
      [3, 4],
      [4, 24],
      [5, 24],
      [6, 24],
      [7, 24],
      [8, 24],
      [9, 24],
    ])
  })

  test('does not start between the tens, and the last tier is remembered', () => {
    const { row } = failTimes(19)
    expect(row.lock.tier).toBe(1)
    expect(isLocked(row, row.lock.until ?? 0)).toBe(false)
  })

  test('is announced: how many failures until the next lock or the hard stop', () => {
    const until = (failures: number, limits = policy) =>
      failuresUntilLock(rowWith({ failures }), limits)
    expect([0, 1, 9, 10, 11, 89, 90, 99].map((failures) => until(failures))).toEqual([
      ...[10, 9, 1, 10, 9, 1, 10, 1],
    ])
    expect([100, 250].map((failures) => until(failures))).toEqual([1, 1])
    const short = resolvePolicy({ lockAfterFailures: 4, hardStopFailures: 6 })
    expect([0, 3, 4, 5].map((failures) => until(failures, short))).toEqual([4, 1, 2, 1])
  })

  test('starts at every failure if the limit is one', () => {
    const limits = resolvePolicy({
      standards: 'relaxed',
      lockAfterFailures: 1,
      lockLadderSeconds: [3, 6],
    })
    expect(failTimes(1, limits).row.lock).toEqual({ tier: 1, until: t0 + 3 * second })
    expect(failTimes(3, limits).row.lock).toEqual({ tier: 3, until: t0 + 15 * second })
  })

  test('holds until its last millisecond and is over at its end', () => {
    const row = rowWith({ failures: 10, lock: { tier: 1, until: t0 + minute } })
    expect(isLocked(row, t0 + minute - 1)).toBe(true)
    expect(isLocked(row, t0 + minute)).toBe(false)
    expect(lockRefusal(row, t0 + minute)).toBeNull()
  })

  test('stays if the clock is set back', () => {
    const row = rowWith({ failures: 10, lock: { tier: 1, until: t0 + minute } })
    expect(isLocked(row, t0 - day)).toBe(true)
  })

  test('is never shortened by the next', () => {
    const row = rowWith({ failures: 19, lock: { tier: 1, until: t0 + day } })
    expect(recordFailure(row, t0, policy).lock).toEqual({ tier: 2, until: t0 + day })
  })

  test('is refused with the instant and the whole seconds until it ends', () => {
    const row = rowWith({ failures: 10, lock: { tier: 1, until: t0 + 1_500 } })
    expect(lockRefusal(row, t0)).toEqual({
      status: 'refused',
      code: 'locked_out',
      retryAt: new Date(t0 + 1_500),
      retryAfterSeconds: 2,
    })
  })
})

describe('the end of a lock', () => {
  test('is the lock’s end while it lasts, and null from then on', () => {
    const row = rowWith({ failures: 10, lock: { tier: 1, until: t0 + minute } })
    expect(lockedUntil(row, t0 + minute - 1)).toEqual(new Date(t0 + minute))
    expect(lockedUntil(row, t0 + minute)).toBeNull()
  })

  test('is null without a lock, and at the hard stop', () => {
    expect(lockedUntil(rowWith(), t0)).toBeNull()
    expect(lockedUntil(rowWith({ lock: { tier: 'disabled', until: null } }), t0)).toBeNull()
  })
})

describe('the hard stop', () => {
  test('comes at the hundredth failure, not at the ninety-ninth', () => {
    expect(failTimes(99).row.lock.tier).toBe(9)
    expect(failTimes(100).row).toMatchObject({
      failures: 100,
      lock: { tier: 'disabled', until: null },
    })
  })

  test('never ends by itself, and gives no retry time', () => {
    const { row } = failTimes(100)
    expect(isLocked(row, t0 + 100 * 365 * day)).toBe(true)
    expect(lockRefusal(row, t0 + 100 * 365 * day)).toEqual({
      status: 'refused',
      code: 'locked_out',
    })
  })

  test('survives a failure judged at the same time', () => {
    for (const failures of [12, 19]) {
      const stopped = rowWith({ failures, lock: { tier: 'disabled', until: null } })
      expect(recordFailure(stopped, t0, policy)).toEqual({
        ...stopped,
        failures: failures + 1,
        lock: { tier: 'disabled', until: null },
      })
    }
  })

  test('applies to a row with more failures than a lowered limit', () => {
    const row = rowWith({ failures: 50 })
    expect(recordFailure(row, t0, resolvePolicy({ hardStopFailures: 20 })).lock.tier).toBe(
      'disabled',
    )
  })

  test('can come before the first lock', () => {
    expect(failTimes(3, resolvePolicy({ hardStopFailures: 3 })).row.lock.tier).toBe('disabled')
  })
})

describe('an impossible count of failures', () => {
  const damaged = [NaN, -1, 0.5, null, undefined, '3'] as number[]
  test('locks the row until a reset instead of counting from nowhere', () => {
    for (const failures of damaged) {
      const row = rowWith({ failures })
      expect(isLocked(row, t0)).toBe(true)
      expect(lockRefusal(row, t0)).toEqual({ status: 'refused', code: 'locked_out' })
    }
  })

  test('leads to the hard stop at the next failure if it is merely too high', () => {
    const row = rowWith({ failures: 2 ** 31 })
    expect(recordFailure(row, t0, policy).lock.tier).toBe('disabled')
  })
})

describe('a failure', () => {
  test('changes only the count and the lock of the row', () => {
    const row = withParts(rowWith({ failures: 9, epoch: 3, grants: [grantWith()] }), {
      another: unknownPart,
    })
    expect(recordFailure(row, t0, policy)).toEqual({
      ...row,
      failures: 10,
      lock: { tier: 1, until: t0 + 30 * minute },
    })
  })
})

describe('undoing a failure that was counted up front', () => {
  /** Counts a failure on a row, and returns the row after it with what undoes it. */
  function counted(row: SubjectState, now = t0) {
    const state = recordFailure(row, now, policy)
    return { state, failure: { lockBefore: row.lock, lockAfter: state.lock } }
  }

  test('leaves the row as it was before', () => {
    for (const failures of [0, 3, 8]) {
      const row = rowWith({ failures })
      const { state, failure } = counted(row)
      expect(undoFailure(state, failure)).toEqual(row)
    }
  })

  test.each([
    ['a lock', rowWith({ failures: 9 })],
    ['a longer lock', rowWith({ failures: 19, lock: { tier: 1, until: t0 - minute } })],
    ['the hard stop', rowWith({ failures: 99, lock: { tier: 9, until: t0 - minute } })],
  ])('removes %s that it alone had caused', (_what, row) => {
    const { state, failure } = counted(row)
    expect(isLocked(state, t0)).toBe(true)
    expect(undoFailure(state, failure)).toEqual(row)
  })

  test('keeps a lock that another failure has since caused', () => {
    const ninth = counted(rowWith({ failures: 8 }))
    const tenth = recordFailure(ninth.state, t0, policy)
    expect(undoFailure(tenth, ninth.failure)).toEqual({ ...tenth, failures: 9 })
    expect(tenth.lock).toEqual({ tier: 1, until: t0 + 30 * minute })
  })

  test('keeps a lock that another failure has since extended', () => {
    const first = counted(rowWith({ failures: 9 }))
    const longer: Lock = { tier: 2, until: t0 + hour }
    const state = { ...first.state, failures: 20, lock: longer }
    expect(undoFailure(state, first.failure)).toMatchObject({ failures: 19, lock: longer })
  })

  test('keeps the hard stop that another failure has since caused', () => {
    const first = counted(rowWith({ failures: 98 }))
    const stopped = recordFailure(first.state, t0, policy)
    expect(undoFailure(stopped, first.failure).lock).toEqual({ tier: 'disabled', until: null })
  })

  test('never makes the count negative after a success or reset has cleared it', () => {
    const { failure } = counted(rowWith({ failures: 9 }))
    const cleared = rowWith()
    expect(undoFailure(cleared, failure)).toBe(cleared)
  })
})

describe('a right answer', () => {
  const before = withParts(
    rowWith({
      failures: 23,
      lock: { tier: 2, until: t0 - 1 },
      grants: [grantWith({ id: 'old' }), grantWith({ id: 'elsewhere' })],
      epoch: 4,
    }),
    { another: unknownPart },
  )
  const pass = (fields: Partial<NewGrant> = {}, limits = policy, row: SubjectState = before) =>
    recordSuccess(row, t0 + second, limits, {
      id: 'new',
      method: 'totp',
      purpose: 'sign-in',
      holder: { replacedGrantId: 'old' },
      ...fields,
    })
  const ids = ({ grants }: SubjectState) => grants.map(({ id }) => id)

  test('clears the failures and the lock tier', () => {
    expect(pass().state).toMatchObject({ failures: 0, lock: noLock })
  })

  test('yields a grant with its method, for 12 h by default', () => {
    expect(pass().grant).toEqual({
      id: 'new',
      method: 'totp',
      issuedAt: t0 + second,
      expiresAt: t0 + second + 12 * hour,
      earlier: [{ method: 'sms', issuedAt: t0, expiresAt: t0 + 12 * hour }],
    })
    const brief = resolvePolicy({ grantLifetimeSeconds: 60 })
    expect(pass({}, brief).grant.expiresAt).toBe(t0 + second + minute)
  })

  test('remembers up to three other methods that the session passed before', () => {
    const earlier = ['word', 'sms', 'totp'].map((method) => ({
      method,
      issuedAt: t0,
      expiresAt: t0 + hour,
    }))
    const replaced = grantWith({ id: 'old', method: 'passkey', earlier })
    const { grant } = pass({}, undefined, { ...before, grants: [replaced] })
    // The pass by the same method gives way to the new one.
    expect(grant.earlier?.map(({ method }) => method)).toEqual(['word', 'sms', 'passkey'])
  })

  test('remembers nothing for a session that had not passed', () => {
    expect(pass({ holder: { replacedGrantId: null } }).grant).not.toHaveProperty('earlier')
  })

  test('replaces the session’s earlier grant and changes nothing else', () => {
    const { state, grant } = pass()
    const grants = [grantWith({ id: 'elsewhere' }), grant]
    expect(state).toEqual({ ...before, failures: 0, lock: noLock, grants })
  })

  test('keeps the grants of other sessions if its own had none', () => {
    expect(ids(pass({ holder: { replacedGrantId: null } }).state)).toEqual([
      'old',
      'elsewhere',
      'new',
    ])
  })

  test('leaves the grants unchanged without a session', () => {
    const { state, grant } = pass({ holder: null })
    expect(state.grants).toBe(before.grants)
    expect(state).toMatchObject({ failures: 0, lock: noLock, epoch: 4 })
    expect(grant.id).toBe('new')
  })

  test('that enrols ends every other grant and raises the epoch', () => {
    const { state } = pass({ purpose: 'enrolment' })
    expect(ids(state)).toEqual(['new'])
    expect(state.epoch).toBe(5)
    expect(state.factors).toEqual(before.factors)
  })

  test('that enrols without a session leaves no grant', () => {
    const { state } = pass({ purpose: 'enrolment', holder: null })
    expect(state).toMatchObject({ grants: [], epoch: 5 })
  })
})
