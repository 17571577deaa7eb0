import { describe, expect, test } from 'vitest'

import { recordFailure, isLocked, lockRefusal } from '../../src/core/ledger.js'
import type { SubjectState } from '../../src/core/state.js'
import { day, hour, minute, policyOf, rowOf, second, t0 } from './build.js'

const policy = policyOf()

/** A row after so many failures in a row, each as soon as the lock allows. */
function failTimes(times: number, limits = policy): { row: SubjectState; now: number } {
  let row = rowOf()
  let now = t0
  for (let failed = 0; failed < times; failed += 1) {
    now = Math.max(now, row.lock.until ?? 0)
    row = { ...row, ...recordFailure(row, now, limits) }
  }
  return { row, now }
}

describe('a lock', () => {
  test('comes at the tenth failure in a row, not at the ninth', () => {
    expect(isLocked(failTimes(9).row, t0)).toBe(false)
    const { row, now } = failTimes(10)
    expect(row.lock).toEqual({ tier: 1, until: now + 30 * minute })
  })

  test('comes at every tenth: 30 min, 1 h, 4 h, then 24 h until the hard stop', () => {
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

  test('does not come between the tens, and the tier of the last one is remembered', () => {
    const { row } = failTimes(19)
    expect(row.lock.tier).toBe(1)
    expect(isLocked(row, row.lock.until ?? 0)).toBe(false)
  })

  test('comes at every failure where the limit is one', () => {
    const limits = policyOf({ lockAfterFailures: 1, lockLadderSeconds: [3, 6] })
    expect(failTimes(1, limits).row.lock).toEqual({ tier: 1, until: t0 + 3 * second })
    expect(failTimes(3, limits).row.lock).toEqual({ tier: 3, until: t0 + 15 * second })
  })

  test('holds until its last millisecond, and is over at its end', () => {
    const row = rowOf({ failures: 10, lock: { tier: 1, until: t0 + minute } })
    expect(isLocked(row, t0 + minute - 1)).toBe(true)
    expect(isLocked(row, t0 + minute)).toBe(false)
    expect(lockRefusal(row, t0 + minute)).toBeNull()
  })

  test('holds on where the clock is set back', () => {
    const row = rowOf({ failures: 10, lock: { tier: 1, until: t0 + minute } })
    expect(isLocked(row, t0 - day)).toBe(true)
  })

  test('is never shortened by a later one', () => {
    const row = rowOf({ failures: 19, lock: { tier: 1, until: t0 + day } })
    expect(recordFailure(row, t0, policy).lock).toEqual({ tier: 2, until: t0 + day })
  })

  test('is refused with the instant and the whole seconds until it ends', () => {
    const row = rowOf({ failures: 10, lock: { tier: 1, until: t0 + 1_500 } })
    expect(lockRefusal(row, t0)).toEqual({
      status: 'refused',
      code: 'locked_out',
      retryAt: new Date(t0 + 1_500),
      retryAfterSeconds: 2,
    })
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

  test('never ends by itself, and names no time at which asking again helps', () => {
    const { row } = failTimes(100)
    expect(isLocked(row, t0 + 100 * 365 * day)).toBe(true)
    expect(lockRefusal(row, t0 + 100 * 365 * day)).toEqual({
      status: 'refused',
      code: 'locked_out',
    })
  })

  test('stays through a failure that came too late to be kept out', () => {
    for (const failures of [12, 19]) {
      const stopped = rowOf({ failures, lock: { tier: 'disabled', until: null } })
      expect(recordFailure(stopped, t0, policy)).toEqual({
        failures: failures + 1,
        lock: { tier: 'disabled', until: null },
      })
    }
  })

  test('holds for a row that had more failures than a limit lowered since', () => {
    const row = rowOf({ failures: 50 })
    expect(recordFailure(row, t0, policyOf({ hardStopFailures: 20 })).lock.tier).toBe('disabled')
  })

  test('may come before the first lock', () => {
    expect(failTimes(3, policyOf({ hardStopFailures: 3 })).row.lock.tier).toBe('disabled')
  })
})

describe('a count of failures that cannot be', () => {
  const damaged = [NaN, -1, 0.5, null, undefined, '3'] as number[]
  test('locks the row until a reset instead of counting from nowhere', () => {
    for (const failures of damaged) {
      const row = rowOf({ failures })
      expect(isLocked(row, t0)).toBe(true)
      expect(lockRefusal(row, t0)).toEqual({ status: 'refused', code: 'locked_out' })
    }
  })

  test('is stopped by the next failure where it is merely too high', () => {
    const row = rowOf({ failures: 2 ** 31 })
    expect(recordFailure(row, t0, policy).lock.tier).toBe('disabled')
  })
})
