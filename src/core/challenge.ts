/** The rules of a challenge: issue, resend, judge a guess, count its failure, give it up. */

import type { Policy } from './policy.js'
import { addGrant, newGrant, revokeAllGrants } from './grant.js'
import { countFailure, lockRefusal } from './lock.js'
import { refuse, refuseUntil, type Refusal, type RefusalFacts } from './refusal.js'
import { countSend, nextSendAt, restartLadder, sendBudgetEndsAt, uncountSend } from './sending.js'
import {
  after,
  clockSkewSeconds,
  noLock,
  type Challenge,
  type Decision,
  type Grant,
  type Instant,
  type SubjectState,
} from './state.js'
import { challengeView } from './view.js'

/** What a new challenge is made of, beside the policy and the clock. */
export type NewChallenge = Pick<
  Challenge,
  'id' | 'keyId' | 'purpose' | 'method' | 'channel' | 'destination'
>

/** A send that was counted and now has to happen. */
export interface Issued {
  readonly status: 'issued'
  readonly challenge: Challenge
  readonly resent: boolean
  /** The row before this send, to go back to where the message certainly reached nobody. */
  readonly before: SubjectState
}

/**
 * Counts one send, and runs the asker's challenge on or replaces whatever runs.
 *
 * `ownId` is the challenge that the asking session holds: only it may be resent.
 */
export function issue(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  ownId: string | null,
  fresh: NewChallenge,
): Decision<Issued | Refusal> {
  const refusal = sendRefusal(state, now, policy, ownId)
  if (refusal !== null) return { state, outcome: refusal }
  const running = state.challenge
  const resent = running !== null && running.id === ownId && mayResend(running, fresh, now, policy)
  const challenge: Challenge = resent
    ? { ...running, channel: fresh.channel, sends: running.sends + 1, receipt: null }
    : {
        // By name, not spread: V8 would grow the object key by key, at several microseconds a start.
        id: fresh.id,
        keyId: fresh.keyId,
        purpose: fresh.purpose,
        method: fresh.method,
        channel: fresh.channel,
        destination: fresh.destination,
        hostedRef: null,
        issuedAt: now,
        expiresAt: after(now, policy.codeLifetimeSeconds),
        attempts: 0,
        maxAttempts: policy.maxAttempts,
        sends: 1,
        receipt: null,
      }
  return {
    state: { ...state, challenge, sends: countSend(state.sends, now, policy) },
    outcome: { status: 'issued', challenge, resent, before: state },
  }
}

/** Why no message may go out now, or `null`. */
function sendRefusal(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  ownId: string | null,
): Refusal | null {
  const locked = lockRefusal(state, now)
  if (locked !== null) return locked
  const allowedAt = nextSendAt(state.sends, now, policy)
  if (allowedAt === null) return null
  const code = sendBudgetEndsAt(state.sends, now, policy) === null ? 'cooldown' : 'send_limit'
  return refuseUntil(code, allowedAt, now, ownView(state, now, policy, ownId))
}

/** A challenge is sent again while enough of its life is left to receive it and type it. */
function mayResend(
  running: Challenge,
  wanted: NewChallenge,
  now: Instant,
  policy: Policy,
): boolean {
  const enough = Math.min(policy.codeLifetimeSeconds / 2, 60)
  return (
    running.purpose === wanted.purpose &&
    running.destination === wanted.destination &&
    hasBudget(running) &&
    isBelievable(running, now) &&
    now <= after(running.expiresAt, -enough)
  )
}

/** Undoes a send that certainly reached nobody: its wait, its count, and a challenge nobody has seen. */
export function takeBack(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  issued: Issued,
): Decision<null> {
  const { challenge } = state
  if (challenge?.id !== issued.challenge.id || challenge.sends !== issued.challenge.sends) {
    return { state, outcome: null }
  }
  const { sends, challenge: earlier } = issued.before
  const receipt = earlier?.receipt ?? null
  const unseen = challenge.sends === 1
  return {
    state: {
      ...state,
      challenge: unseen ? null : { ...challenge, sends: challenge.sends - 1, receipt },
      sends: uncountSend(sends, now, policy),
    },
    outcome: null,
  }
}

/** Which challenge a guess is for. */
export interface GuessTarget {
  readonly purpose: Challenge['purpose']
  /** The challenge the asking session holds; `undefined` where the caller has no session. */
  readonly challengeId: string | null | undefined
}

/**
 * The running challenge, if a guess at it may be judged. The order of the checks is public:
 * lock, running challenge, its budget, its expiry.
 */
export function admit(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  target: GuessTarget,
): Challenge | Refusal {
  const locked = lockRefusal(state, now)
  if (locked !== null) return locked
  const { challenge } = state
  if (challenge === null || !isTarget(challenge, target)) return refuse('no_challenge')
  if (!hasBudget(challenge)) {
    const retryAt = nextSendAt(state.sends, now, policy) ?? now
    return refuseUntil('attempts_exhausted', retryAt, now, { attemptsLeft: 0 })
  }
  if (!isLive(challenge, now, policy)) return refuse('code_expired')
  return challenge
}

/** Counts a wrong code against the challenge's budget and the user's failures. */
export function fail(state: SubjectState, now: Instant, policy: Policy): Decision<Refusal> {
  if (state.challenge === null) return { state, outcome: refuse('no_challenge') }
  const challenge = { ...state.challenge, attempts: state.challenge.attempts + 1 }
  return {
    state: { ...state, challenge, ...countFailure(state, now, policy) },
    outcome: refuse('code_incorrect', {
      attemptsLeft: challenge.maxAttempts - challenge.attempts,
    }),
  }
}

/** What a right code brought. */
export interface Success {
  readonly status: 'passed'
  readonly grant: Grant
  readonly challenge: Challenge
}

/** The session that a grant is for. */
export interface GrantHolder {
  /** The session's earlier grant, which the new one takes the place of. */
  readonly replacedGrantId: string | null
}

/**
 * Uses the challenge up, clears the failures, and keeps a grant for the session, if there is one.
 * A confirmed number is a changed factor: it ends every other grant.
 */
export function succeed(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  challenge: Challenge,
  grantId: string,
  holder: GrantHolder | null,
): Decision<Success> {
  const grant = newGrant(grantId, challenge, now, policy)
  const base = challenge.purpose === 'phone-verification' ? revokeAllGrants(state) : state
  const cleared: SubjectState = {
    ...base,
    challenge: null,
    failures: 0,
    lock: noLock,
    sends: restartLadder(state.sends),
  }
  return {
    state: holder === null ? cleared : addGrant(cleared, grant, holder.replacedGrantId),
    outcome: { status: 'passed', grant, challenge },
  }
}

/** Gives the running challenge up, if it is the asker's, and answers it. */
export function abandon(state: SubjectState, ownId: string | null): Decision<Challenge | null> {
  const { challenge } = state
  if (challenge?.id !== ownId) return { state, outcome: null }
  return { state: { ...state, challenge: null }, outcome: challenge }
}

/** The view of the asker's own challenge, as a refusal carries it. */
export function ownView(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  ownId: string | null,
): RefusalFacts {
  const { challenge } = state
  if (challenge?.id !== ownId || !isLive(challenge, now, policy)) return {}
  const view = challengeView(state, now, policy)
  return view === null ? {} : { challenge: view }
}

/** Neither expired, its grace included, nor from a future that the clock has since left. */
export function isLive(challenge: Challenge, now: Instant, policy: Policy): boolean {
  return isBelievable(challenge, now) && now < after(challenge.expiresAt, policy.graceSeconds)
}

/** A count that cannot be, out of a damaged row, is spent: it must never mean guesses without end. */
function hasBudget({ attempts, maxAttempts }: Challenge): boolean {
  return Number.isInteger(attempts) && attempts >= 0 && attempts < maxAttempts
}

function isBelievable(challenge: Challenge, now: Instant): boolean {
  return challenge.issuedAt <= after(now, clockSkewSeconds)
}

function isTarget({ id, purpose }: Challenge, target: GuessTarget): boolean {
  const { challengeId = id } = target
  return purpose === target.purpose && id === challengeId
}
