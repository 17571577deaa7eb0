import { describe, expect, test } from 'vitest'

import { resolvePolicy, type Policy } from '../../../../src/core/policy.js'
import type { Instant } from '../../../../src/core/state.js'
import { noSends, type SendLedger } from '../../../../src/factors/phone/rules/part.js'
import {
  cooldownEndsAt,
  countSend,
  giveBackAnswered,
  nextSendAt,
  restartLadder,
  sendBudgetEndsAt,
  uncountSend,
} from '../../../../src/factors/phone/rules/send-ledger.js'
import { day, hour, minute, second, t0 } from '../../../support/clock.js'

const policy = resolvePolicy()

/** Sends as early as allowed, so many times, and returns each wait in seconds. */
function waitsOf(limits: Policy, times: number, sends: SendLedger = noSends): number[] {
  const waits: number[] = []
  let ledger = sends
  let now = t0
  for (let sent = 0; sent < times; sent += 1) {
    ledger = countSend(ledger, now, limits)
    const until = cooldownEndsAt(ledger, now) ?? now
    waits.push((until - now) / second)
    now = until
  }
  return waits
}

function sendTimes(times: number, limits: Policy = policy, from: Instant = t0): SendLedger {
  let ledger = noSends
  for (let sent = 0; sent < times; sent += 1) {
    ledger = countSend(ledger, Math.max(from, ledger.nextAt ?? 0), limits)
  }
  return ledger
}

describe('the resend ladder', () => {
  test('waits 30, 60, 120, 300, 600 seconds and repeats the last', () => {
    expect(waitsOf(policy, 8)).toEqual([30, 60, 120, 300, 600, 600, 600, 600])
  })

  test('starts over after the last wait if the policy says so', () => {
    const again = resolvePolicy({ resendLadderSeconds: [1, 2, 3], resendLadderEnd: 'start-again' })
    expect(waitsOf(again, 8)).toEqual([1, 2, 3, 1, 2, 3, 1, 2])
    const one = resolvePolicy({ resendLadderSeconds: [7], resendLadderEnd: 'start-again' })
    expect(waitsOf(one, 3)).toEqual([7, 7, 7])
  })

  test('can have fractions of a second, down to a millisecond', () => {
    expect(waitsOf(resolvePolicy({ resendLadderSeconds: [0.001, 0.25] }), 3)).toEqual([
      0.001, 0.25, 0.25,
    ])
  })

  test('holds until the last millisecond of a wait and no longer', () => {
    const ledger = countSend(noSends, t0, policy)
    expect(cooldownEndsAt(ledger, t0)).toBe(t0 + 30 * second)
    expect(cooldownEndsAt(ledger, t0 + 30 * second - 1)).toBe(t0 + 30 * second)
    expect(cooldownEndsAt(ledger, t0 + 30 * second)).toBeNull()
  })

  test('has no wait before the first message', () => {
    expect(cooldownEndsAt(noSends, t0)).toBeNull()
    expect(nextSendAt(noSends, t0, policy)).toBeNull()
  })

  test('waits longer, never shorter, if the clock is set back', () => {
    const ledger = countSend(noSends, t0, policy)
    expect(cooldownEndsAt(ledger, t0 - hour)).toBe(t0 + 30 * second)
  })

  test('keeps its rung until the last millisecond of the quiet period, and then starts over', () => {
    const climbed = sendTimes(4)
    const quietEnds = (climbed.lastAt ?? 0) + day
    expect(countSend(climbed, quietEnds - 1, policy)).toMatchObject({
      rung: 4,
      count: 5,
      nextAt: quietEnds - 1 + 10 * minute,
    })
    expect(countSend(climbed, quietEnds, policy)).toMatchObject({
      rung: 1,
      count: 1,
      nextAt: quietEnds + 30 * second,
    })
  })

  test('measures the quiet period from the last message, not the first', () => {
    const limits = resolvePolicy({ resendResetSeconds: 100, resendLadderSeconds: [1, 2, 3] })
    const twice = countSend(countSend(noSends, t0, limits), t0 + 60 * second, limits)
    expect(countSend(twice, t0 + 120 * second, limits).nextAt).toBe(t0 + 123 * second)
  })

  test('starts over after a success, which does not change the daily limit', () => {
    const climbed = sendTimes(4)
    const restarted = restartLadder(climbed)
    expect(restarted).toMatchObject({ count: 0, rung: 0, nextAt: null, resetAt: null })
    expect(restarted.windowCount).toBe(4)
    expect(restarted.windowStartedAt).toBe(t0)
    expect(waitsOf(policy, 2, restarted)).toEqual([30, 60])
  })

  test('that was shortened in between waits on its last rung', () => {
    const short = resolvePolicy({ resendLadderSeconds: [5] })
    expect(countSend(sendTimes(5), t0 + hour, short).nextAt).toBe(t0 + hour + 5 * second)
  })
})

describe('the daily limit', () => {
  const limits = resolvePolicy({ sendsPerDay: 3, resendLadderSeconds: [1] })

  test('allows exactly that many messages', () => {
    expect(sendBudgetEndsAt(sendTimes(2, limits), t0 + hour, limits)).toBeNull()
    expect(sendBudgetEndsAt(sendTimes(3, limits), t0 + hour, limits)).toBe(t0 + day)
  })

  test('stays used up until the last millisecond of 24 hours after its first message', () => {
    const spent = sendTimes(3, limits)
    expect(sendBudgetEndsAt(spent, t0 + day - 1, limits)).toBe(t0 + day)
    expect(sendBudgetEndsAt(spent, t0 + day, limits)).toBeNull()
  })

  test('starts over with the first message after it ended', () => {
    const next = countSend(sendTimes(3, limits), t0 + day, limits)
    expect(next).toMatchObject({ windowStartedAt: t0 + day, windowCount: 1 })
    const within = countSend(sendTimes(2, limits), t0 + day - 1, limits)
    expect(within).toMatchObject({ windowStartedAt: t0, windowCount: 3 })
  })

  test('can be a single message', () => {
    const one = resolvePolicy({ sendsPerDay: 1 })
    expect(sendBudgetEndsAt(noSends, t0, one)).toBeNull()
    expect(sendBudgetEndsAt(sendTimes(1, one), t0 + hour, one)).toBe(t0 + day)
  })

  test('is not refilled by setting the clock back', () => {
    expect(sendBudgetEndsAt(sendTimes(3, limits), t0 - 10 * day, limits)).toBe(t0 + day)
  })
})

describe('a message whose code was entered', () => {
  const limits = resolvePolicy({ sendsPerDay: 3, answeredSendsPerDay: 4 })

  test('is credited to the daily limit and counted separately', () => {
    const spent = sendTimes(3, limits)
    const left = giveBackAnswered(spent, 2, limits)
    expect(left).toEqual({ ...spent, windowCount: 1, answeredCount: 2 })
    expect(sendBudgetEndsAt(left, t0 + hour, limits)).toBeNull()
  })

  test('is credited only up to the daily cap', () => {
    const often = giveBackAnswered(giveBackAnswered(sendTimes(3, limits), 3, limits), 1, limits)
    expect(often).toMatchObject({ windowCount: 0, answeredCount: 3 })
    const more = { ...sendTimes(3, limits), answeredCount: 3 }
    expect(giveBackAnswered(more, 3, limits)).toMatchObject({ windowCount: 2, answeredCount: 4 })
    const lowered = { ...more, answeredCount: 9 }
    expect(giveBackAnswered(lowered, 3, limits)).toMatchObject({ windowCount: 3, answeredCount: 9 })
  })

  test('counts only for its own day', () => {
    const left = giveBackAnswered(sendTimes(3, limits), 3, limits)
    expect(countSend(left, t0 + day, limits)).toMatchObject({ windowCount: 1, answeredCount: 0 })
    expect(countSend(left, t0 + hour, limits)).toMatchObject({ windowCount: 1, answeredCount: 3 })
  })
})

describe('the earliest time of the next message', () => {
  test('is the end of the wait while the day has messages left', () => {
    expect(nextSendAt(sendTimes(1), t0, policy)).toBe(t0 + 30 * second)
  })

  test('is the end of the day if the wait ends before', () => {
    const limits = resolvePolicy({ sendsPerDay: 1 })
    expect(nextSendAt(sendTimes(1, limits), t0 + hour, limits)).toBe(t0 + day)
  })

  test('is the end of the wait if the day ends during it', () => {
    const limits = resolvePolicy({ sendsPerDay: 2, resendLadderSeconds: [1, 600] })
    const late = countSend(sendTimes(1, limits), t0 + day - minute, limits)
    expect(sendBudgetEndsAt(late, t0 + day - minute, limits)).toBe(t0 + day)
    expect(nextSendAt(late, t0 + day - minute, limits)).toBe(t0 + day + 9 * minute)
    expect(nextSendAt(late, t0 + day, limits)).toBe(t0 + day + 9 * minute)
  })
})

describe('a message that certainly reached nobody', () => {
  test('costs neither a rung nor a message of the daily limit, and leaves a wait of 5 seconds', () => {
    const before = sendTimes(2)
    const at = t0 + hour
    expect(uncountSend(before, at, policy)).toEqual({ ...before, nextAt: at + 5 * second })
    expect(uncountSend(noSends, at, policy)).toEqual({ ...noSends, nextAt: at + 5 * second })
  })

  test('leaves a shorter wait if the first rung is shorter', () => {
    const quick = resolvePolicy({ resendLadderSeconds: [1, 600] })
    expect(uncountSend(noSends, t0, quick).nextAt).toBe(t0 + second)
  })

  test('shortens no earlier wait', () => {
    const before = sendTimes(5)
    const until = before.nextAt ?? 0
    expect(uncountSend(before, until - minute, policy).nextAt).toBe(until)
  })
})
