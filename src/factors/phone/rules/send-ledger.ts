/** The rules of the send ledger: the resend ladder, and the day's budget of messages. */

import type { Policy } from '../../../core/policy.js'
import { after, clockSkewSeconds, type Instant } from '../../../core/state.js'
import type { SendLedger } from './part.js'

/** The window of the day's budget. */
export const daySeconds = 86_400

/** A send that certainly reached nobody is free, except for this short wait to spare the vendor. */
const failedSendWaitSeconds = 5

/**
 * The ledger without impossible times. If a clock was ahead for one message, its user must not have to wait until
 * that time: no wait is longer than the ladder's longest, and no window begins in the future.
 */
export function plausibleLedger(sends: SendLedger, now: Instant, policy: Policy): SendLedger {
  const within = (instant: Instant | null, seconds: number) =>
    instant === null || instant <= after(now, seconds + clockSkewSeconds)
      ? instant
      : after(now, seconds)
  const { resendLadderSeconds, resendResetSeconds } = policy
  const nextAt = within(sends.nextAt, Math.max(...resendLadderSeconds))
  const resetAt = within(sends.resetAt, resendResetSeconds)
  const lastAt = within(sends.lastAt, 0)
  const windowStartedAt = within(sends.windowStartedAt, 0)
  const isTrue =
    nextAt === sends.nextAt &&
    resetAt === sends.resetAt &&
    lastAt === sends.lastAt &&
    windowStartedAt === sends.windowStartedAt
  return isTrue ? sends : { ...sends, nextAt, resetAt, lastAt, windowStartedAt }
}

/** The time at which the day's budget allows another message; `null` if it allows one now. */
export function sendBudgetEndsAt(sends: SendLedger, now: Instant, policy: Policy): Instant | null {
  if (sends.windowStartedAt === null || sends.windowCount < policy.sendsPerDay) return null
  const endsAt = after(sends.windowStartedAt, daySeconds)
  return now < endsAt ? endsAt : null
}

/** The time at which the ladder's current wait ends; `null` if it is over. */
export function cooldownEndsAt(sends: SendLedger, now: Instant): Instant | null {
  return sends.nextAt !== null && now < sends.nextAt ? sends.nextAt : null
}

/** The earliest instant at which a message is allowed; `null` if one is allowed now. */
export function nextSendAt(ledger: SendLedger, now: Instant, policy: Policy): Instant | null {
  const sends = plausibleLedger(ledger, now, policy)
  const budgetEndsAt = sendBudgetEndsAt(sends, now, policy)
  const waitEndsAt = cooldownEndsAt(sends, now)
  if (budgetEndsAt === null || waitEndsAt === null) return budgetEndsAt ?? waitEndsAt
  return Math.max(budgetEndsAt, waitEndsAt)
}

/** Counts one message, and climbs the ladder by one rung. */
export function countSend(sends: SendLedger, now: Instant, policy: Policy): SendLedger {
  const quiet = sends.resetAt !== null && now >= sends.resetAt
  const rung = quiet ? 0 : sends.rung
  const ladder = policy.resendLadderSeconds
  const wait = ladder[Math.min(rung, ladder.length - 1)] ?? 0
  const startsAgain = policy.resendLadderEnd === 'start-again' && rung >= ladder.length - 1
  const windowOver =
    sends.windowStartedAt === null || now >= after(sends.windowStartedAt, daySeconds)
  return {
    ...sends,
    count: quiet ? 1 : sends.count + 1,
    rung: startsAgain ? 0 : Math.min(rung + 1, ladder.length - 1),
    lastAt: now,
    nextAt: after(now, wait),
    resetAt: after(now, policy.resendResetSeconds),
    windowStartedAt: windowOver ? now : sends.windowStartedAt,
    windowCount: windowOver ? 1 : sends.windowCount + 1,
    answeredCount: windowOver ? 0 : sends.answeredCount,
  }
}

/**
 * Gives the messages of a right code back to the day's budget, up to a daily cap, because the budget is not meant to
 * stop people who sign in often.
 */
export function giveBackAnswered(sends: SendLedger, messages: number, policy: Policy): SendLedger {
  const left = policy.answeredSendsPerDay - sends.answeredCount
  const given = Math.max(0, Math.min(messages, sends.windowCount, left))
  return {
    ...sends,
    windowCount: sends.windowCount - given,
    answeredCount: sends.answeredCount + given,
  }
}

/** Takes back a send that certainly reached nobody; `before` is the ledger before it was counted. */
export function uncountSend(before: SendLedger, now: Instant, policy: Policy): SendLedger {
  const wait = Math.min(failedSendWaitSeconds, policy.resendLadderSeconds[0] ?? 0)
  return { ...before, nextAt: Math.max(before.nextAt ?? 0, after(now, wait)) }
}

/** Puts the ladder back to its first rung. The day's budget stays as it is. */
export function restartLadder(sends: SendLedger): SendLedger {
  return { ...sends, count: 0, rung: 0, nextAt: null, resetAt: null }
}
