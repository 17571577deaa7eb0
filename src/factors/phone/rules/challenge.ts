/** The rules of a challenge: issue it, send it again, check if a guess may be judged, give it up. */

import { lockRefusal } from '../../../core/ledger.js'
import type { Policy } from '../../../core/policy.js'
import { refusal, refusalUntil, type Refusal } from '../../../core/refusal.js'
import {
  after,
  clockSkewSeconds,
  hasHappened,
  maxSkewSeconds,
  type Decision,
  type Instant,
  type SubjectState,
} from '../../../core/state.js'
import type { Attempt } from '../../../ports/attempt.js'
import { challengeOf, partOf, withPhone, type Challenge, type PhonePart } from './part.js'
import { expired, isEnded } from './reset.js'
import {
  countSend,
  nextSendAt,
  plausibleLedger,
  sendBudgetEndsAt,
  uncountSend,
} from './send-ledger.js'

/** The parts of a new challenge that do not come from the policy and the clock. */
export type NewChallenge = Pick<
  Challenge,
  'id' | 'sessionKey' | 'code' | 'purpose' | 'channel' | 'destination'
>

/** A send that has been counted and must now be made. */
export interface Issued {
  readonly status: 'issued'
  readonly challenge: Challenge
  readonly resent: boolean
  /** The part before this send, restored if the message certainly reached nobody. */
  readonly before: PhonePart
}

/**
 * Counts one send, and continues the session's own challenge or replaces the running one.
 *
 * `own` is the row's challenge if the asking session may have it sent again, else `null`.
 */
export function issue(
  stored: SubjectState,
  now: Instant,
  policy: Policy,
  own: Challenge | null,
  fresh: NewChallenge,
): Decision<Issued | Refusal> {
  // Stored even if nothing is sent: a wait that was shortened to start now would otherwise start again at each
  // request.
  const row = withPlausibleLedger(stored, now, policy)
  const refused = sendRefusal(row, now, policy)
  if (refused !== null) return { state: row, outcome: refused }
  const before = partOf(row)
  const resent = own !== null && mayResend(own, fresh, now, policy)
  const challenge: Challenge = resent
    ? {
        ...own,
        ...{ channel: fresh.channel, sends: own.sends + 1 },
        ...{ isInDoubt: undefined, receipt: null },
      }
    : {
        // By name, not spread: V8 would grow the object key by key, at several microseconds a start.
        id: fresh.id,
        sessionKey: fresh.sessionKey,
        purpose: fresh.purpose,
        code: fresh.code,
        channel: fresh.channel,
        destination: fresh.destination,
        epoch: row.epoch,
        issuedAt: now,
        expiresAt: after(now, policy.codeLifetimeSeconds),
        attempts: 0,
        maxAttempts: policy.maxAttempts,
        sends: 1,
        receipt: null,
      }
  return {
    state: withPhone(row, { challenge, sends: countSend(before.sends, now, policy) }),
    outcome: { status: 'issued', challenge, resent, before },
  }
}

function withPlausibleLedger(row: SubjectState, now: Instant, policy: Policy): SubjectState {
  const part = partOf(row)
  const sends = plausibleLedger(part.sends, now, policy)
  return sends === part.sends ? row : withPhone(row, { ...part, sends })
}

/** The refusal if no message may be sent now, else `null`. */
function sendRefusal(row: SubjectState, now: Instant, policy: Policy): Refusal | null {
  const locked = lockRefusal(row, now)
  if (locked !== null) return locked
  const { sends } = partOf(row)
  const allowedAt = nextSendAt(sends, now, policy)
  if (allowedAt === null) return null
  const code = sendBudgetEndsAt(sends, now, policy) === null ? 'cooldown' : 'send_limit'
  return refusalUntil(code, allowedAt, now)
}

/** Returns true while the code has enough time left to arrive and be typed. */
function mayResend(
  running: Challenge,
  requested: NewChallenge,
  now: Instant,
  policy: Policy,
): boolean {
  const enough = Math.min(policy.codeLifetimeSeconds / 2, 60)
  return (
    running.purpose === requested.purpose &&
    running.destination === requested.destination &&
    hasBudget(running) &&
    hasHappened(running.issuedAt, now) &&
    now <= after(running.expiresAt, -enough)
  )
}

/**
 * Undoes a send that certainly reached nobody: its wait, its count, and a new challenge, which nobody has seen. The
 * challenge before it is restored, because the person still has its code. An operator's reset since then stays.
 */
export function undoSend(
  row: SubjectState,
  now: Instant,
  policy: Policy,
  issued: Issued,
): Decision<null> {
  const { challenge, sends } = partOf(row)
  if (challenge?.id !== issued.challenge.id || challenge.sends !== issued.challenge.sends) {
    return { state: row, outcome: null }
  }
  const { before } = issued
  const earlier = isEnded(challenge, policy) ? expired(before, now, policy) : before
  const isReset = sends.lastAt === null
  return {
    state: withPhone(row, {
      challenge: challenge.sends === 1 ? earlier.challenge : unsent(challenge, before.challenge),
      sends: isReset ? sends : uncountSend(before.sends, now, policy),
    }),
    outcome: null,
  }
}

/** After a failed resend, the challenge goes back to the channel that its code was sent through. */
function unsent(challenge: Challenge, earlier: Challenge | null): Challenge {
  const { receipt = null, channel = challenge.channel, isInDoubt } = earlier ?? {}
  return { ...challenge, channel, sends: challenge.sends - 1, isInDoubt, receipt }
}

/** Marks the challenge's last send as doubtful, unless another send has followed it. */
export function markDoubtful(row: SubjectState, { id, sends }: Challenge): Decision<null> {
  const { challenge } = partOf(row)
  const isLast = challenge?.id === id && challenge.sends === sends
  const state = isLast ? withPhone(row, { challenge: { ...challenge, isInDoubt: true } }) : row
  return { state, outcome: null }
}

/** The purpose, session and phone of a guess. */
type GuessedAt = Pick<Attempt, 'purpose' | 'sessionKey'> & {
  /** The user's phone, if it is known: a code that was sent to an earlier phone no longer counts. */
  readonly destination?: string | undefined
}

/**
 * The running challenge, if a guess at it may be judged. The order of the checks is public: after the lock,
 * the running challenge, its budget, its expiry.
 */
export function findJudgeable(
  row: SubjectState,
  now: Instant,
  policy: Policy,
  attempt: GuessedAt,
): Challenge | Refusal {
  const challenge = challengeOf(row, attempt.sessionKey)
  if (challenge === null || !isMeant(challenge, attempt)) return refusal('no_challenge')
  if (!hasBudget(challenge)) {
    const retryAt = nextSendAt(partOf(row).sends, now, policy) ?? now
    return refusalUntil('attempts_exhausted', retryAt, now, { attemptsLeft: 0 })
  }
  return endRefusal(challenge, now, policy) ?? challenge
}

/**
 * The refusal if the challenge's code may no longer be judged, or `null`. A challenge issued a little in the future
 * has not expired: the clocks of two servers differ, and the person only has to try again.
 */
export function endRefusal(challenge: Challenge, now: Instant, policy: Policy): Refusal | null {
  if (isUnexpired(challenge, now, policy)) return null
  const { issuedAt } = challenge
  const isAhead = !hasHappened(issuedAt, now) && issuedAt <= after(now, maxSkewSeconds)
  return isAhead
    ? refusalUntil('store_unavailable', after(issuedAt, -clockSkewSeconds), now)
    : refusal('code_expired')
}

/** The part with one more guess counted against the challenge's budget, and the refusal of that guess. */
export function countGuess(
  part: PhonePart,
  judged: Challenge,
): { readonly part: PhonePart; readonly refusal: Refusal } {
  const challenge = { ...judged, attempts: judged.attempts + 1 }
  const attemptsLeft = challenge.maxAttempts - challenge.attempts
  return { part: { ...part, challenge }, refusal: refusal('code_incorrect', { attemptsLeft }) }
}

/** The part without the challenge of the session with this key; `null` if that session has none. */
export function abandon(row: SubjectState, sessionKey: string): PhonePart | null {
  const challenge = challengeOf(row, sessionKey)
  return challenge === null ? null : withoutChallenge(row, challenge.id)
}

/** The part without the challenge with this id; `null` if another runs, or none. */
export function withoutChallenge(row: SubjectState, id: string): PhonePart | null {
  const part = partOf(row)
  return part.challenge?.id === id ? { ...part, challenge: null } : null
}

/** Returns true if a challenge has not expired, grace included, and was not issued in the future. */
export function isUnexpired(challenge: Challenge, now: Instant, policy: Policy): boolean {
  return (
    hasHappened(challenge.issuedAt, now) && now < after(challenge.expiresAt, policy.graceSeconds)
  )
}

/** An impossible count, from a damaged row, leaves no guesses, because it must never allow endless ones. */
function hasBudget({ attempts, maxAttempts }: Challenge): boolean {
  return Number.isInteger(attempts) && attempts >= 0 && attempts < maxAttempts
}

function isMeant(challenge: Challenge, guess: GuessedAt): boolean {
  const { purpose, destination = challenge.destination } = guess
  return challenge.purpose === purpose && challenge.destination === destination
}
