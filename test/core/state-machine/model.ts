/** The rules of one user's second factor, written a second time and independently, to check the first against. */

import type { Policy } from '../../../src/core/policy.js'
import type { Purpose } from '../../../src/core/state.js'
import { day, second } from '../../support/clock.js'

/** The challenge that runs. */
interface Live {
  readonly id: string
  /** Of the session that asked for it. */
  readonly sessionKey: string
  readonly purpose: Purpose
  readonly issuedAt: number
  readonly expiresAt: number
  judged: number
  messages: number
}

/** The messages so far: how many since the ladder began, and what they forbid. */
interface Messages {
  readonly sinceLadderBegan: number
  readonly waitUntil: number
  readonly quietAt: number
  readonly dayBegan: number
  readonly today: number
  /** Messages of the day that a right code gave back. */
  readonly answered: number
}

export interface Model {
  failures: number
  /** `Infinity` at the hard stop. */
  lockedUntil: number
  live: Live | null
  messages: Messages
  grants: { readonly id: string; readonly expiresAt: number }[]
  /** The number of times that all grants were ended at once. */
  epoch: number
}

/** The model's answer to a request: a refusal's code and time, or `null` where it goes through. */
export interface Verdict {
  readonly code: string | null
  readonly retryAt?: number
  readonly attemptsLeft?: number
}

const none: Messages = {
  sinceLadderBegan: 0,
  waitUntil: -Infinity,
  quietAt: Infinity,
  dayBegan: -Infinity,
  today: 0,
  answered: 0,
}

export function newModel(): Model {
  return { failures: 0, lockedUntil: -Infinity, live: null, messages: none, grants: [], epoch: 0 }
}

export function lockVerdict(model: Model, now: number): Verdict | null {
  if (model.lockedUntil === Infinity) return { code: 'locked_out' }
  return now < model.lockedUntil ? { code: 'locked_out', retryAt: model.lockedUntil } : null
}

/** Bounds on the messages: a clock that leapt ahead and back leaves no wait longer than the limits have. */
export function plausible(messages: Messages, now: number, policy: Policy): Messages {
  const cut = (at: number, seconds: number) =>
    at - now > (seconds + 30) * second && at !== Infinity ? now + seconds * second : at
  const { waitUntil, quietAt, dayBegan } = messages
  return {
    ...messages,
    waitUntil: cut(waitUntil, Math.max(...policy.resendLadderSeconds)),
    quietAt: cut(quietAt, policy.resendResetSeconds),
    dayBegan: cut(dayBegan, 0),
  }
}

export function sendVerdict(model: Model, now: number, policy: Policy): Verdict {
  const locked = lockVerdict(model, now)
  if (locked !== null) return locked
  const { dayBegan, today, waitUntil } = plausible(model.messages, now, policy)
  if (today >= policy.sendsPerDay && now < dayBegan + day) {
    return { code: 'send_limit', retryAt: Math.max(dayBegan + day, waitUntil) }
  }
  return now < waitUntil ? { code: 'cooldown', retryAt: waitUntil } : { code: null }
}

/** True if asking now resends the same code. */
export function repeats(
  model: Model,
  now: number,
  policy: Policy,
  sessionKey: string,
  purpose: Purpose,
): boolean {
  const { live } = model
  if (live?.sessionKey !== sessionKey || live.purpose !== purpose) return false
  const leftOfLife = live.expiresAt - now
  return (
    live.judged < policy.maxAttempts &&
    live.issuedAt - now <= 30 * second &&
    leftOfLife >= Math.min(policy.codeLifetimeSeconds * second * 0.5, 60 * second)
  )
}

/** Counts one message; the ladder is read by how many went before it. */
export function countMessage(model: Model, now: number, policy: Policy): void {
  const { messages } = model
  const before = now >= messages.quietAt ? 0 : messages.sinceLadderBegan
  const ladder = policy.resendLadderSeconds
  const rung =
    policy.resendLadderEnd === 'start-again'
      ? before % ladder.length
      : Math.min(before, ladder.length - 1)
  const sameDay = now < messages.dayBegan + day
  model.messages = {
    sinceLadderBegan: before + 1,
    waitUntil: now + Math.round((ladder[rung] ?? NaN) * second),
    quietAt: now + policy.resendResetSeconds * second,
    dayBegan: sameDay ? messages.dayBegan : now,
    today: sameDay ? messages.today + 1 : 1,
    answered: sameDay ? messages.answered : 0,
  }
}

/** Forgets a message that reached nobody, but for a short wait. */
export function uncountMessage(model: Model, before: Messages, now: number, policy: Policy): void {
  const firstRung = Math.round((policy.resendLadderSeconds[0] ?? NaN) * second)
  const wait = Math.min(5 * second, firstRung)
  model.messages = { ...before, waitUntil: Math.max(before.waitUntil, now + wait) }
}

/** Judges a guess where it may be judged, and returns what the answer has to be. */
export function guess(
  model: Model,
  now: number,
  policy: Policy,
  target: { readonly sessionKey: string | undefined; readonly purpose: Purpose },
  isRight: boolean,
): Verdict {
  const locked = lockVerdict(model, now)
  if (locked !== null) return locked
  const { live } = model
  const meant = target.sessionKey === undefined || target.sessionKey === live?.sessionKey
  if (live === null || !meant || live.purpose !== target.purpose) return { code: 'no_challenge' }
  if (live.judged >= policy.maxAttempts) {
    const { retryAt } = sendVerdict(model, now, policy)
    return { code: 'attempts_exhausted', retryAt: retryAt ?? now, attemptsLeft: 0 }
  }
  const ahead = live.issuedAt - now
  if (ahead > 30 * second && ahead <= 300 * second) {
    return { code: 'store_unavailable', retryAt: live.issuedAt - 30 * second }
  }
  if (isOver(live, now, policy)) return { code: 'code_expired' }
  if (isRight) return { code: null }
  live.judged += 1
  model.failures += 1
  lockAfterFailure(model, now, policy)
  const isLocked = lockVerdict(model, now) !== null
  return { code: 'code_incorrect', attemptsLeft: isLocked ? 0 : policy.maxAttempts - live.judged }
}

/** True if it is past its lifetime and grace, or from the future. */
export function isOver(
  live: Pick<Live, 'issuedAt' | 'expiresAt'>,
  now: number,
  { graceSeconds }: Policy,
): boolean {
  return now >= live.expiresAt + graceSeconds * second || live.issuedAt > now + 30 * second
}

function lockAfterFailure(model: Model, now: number, policy: Policy): void {
  if (model.failures >= policy.hardStopFailures) model.lockedUntil = Infinity
  else if (model.failures % policy.lockAfterFailures === 0) {
    const ladder = policy.lockLadderSeconds
    const nth = model.failures / policy.lockAfterFailures
    const lasts = nth > ladder.length ? ladder.at(-1) : ladder[nth - 1]
    model.lockedUntil = Math.max(model.lockedUntil, now + (lasts ?? NaN) * second)
  }
}

/** A right code: everything is forgiven but the messages of the day that it has not answered. */
export function forgive(model: Model, justAnswered: number, policy: Policy): void {
  const { dayBegan, today: sent, answered: before } = model.messages
  const mayReturn = Math.max(0, policy.answeredSendsPerDay - before)
  const returned = Math.min(justAnswered, sent, mayReturn)
  const [today, answered] = [sent - returned, before + returned]
  model.failures = 0
  model.lockedUntil = -Infinity
  model.live = null
  model.messages = { ...none, dayBegan, today, answered }
}
