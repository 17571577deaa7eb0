/** The rules of codes that a vendor judges: an attempt is reserved before the vendor is asked, then settled. */

import type { Policy } from './policy.js'
import { admit, fail, type GuessTarget } from './challenge.js'
import { expireChallenge } from './operate.js'
import { refuse, type Refusal } from './refusal.js'
import type { Challenge, Decision, Instant, Lock, SubjectState } from './state.js'

/** An attempt that was counted before its code was judged. */
export interface Reserved {
  readonly status: 'reserved'
  readonly challenge: Challenge
  /** The vendor's id of the verification. */
  readonly ref: string
  /** What is said where the code turns out wrong. */
  readonly ifWrong: Refusal
  /** The lock before the attempt was counted, to go back to where nothing was judged. */
  readonly lockBefore: Lock
  readonly lockAfter: Lock
}

/** Keeps the vendor's id of the verification it has started. */
export function attachRef(state: SubjectState, challengeId: string, ref: string): Decision<null> {
  const { challenge } = state
  const fits = challenge?.id === challengeId && challenge.hostedRef !== ref
  return {
    state: fits ? { ...state, challenge: { ...challenge, hostedRef: ref } } : state,
    outcome: null,
  }
}

/** Counts the attempt as a failure, in the hope of a success that will clear it. */
export function reserve(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  target: GuessTarget,
): Decision<Reserved | Refusal> {
  const challenge = admit(state, now, policy, target)
  if ('status' in challenge) return { state, outcome: challenge }
  // The vendor never said that it had started: no code of this challenge can be judged.
  if (challenge.hostedRef === null) return { state, outcome: refuse('code_expired') }
  const counted = fail(state, now, policy)
  return {
    state: counted.state,
    outcome: {
      status: 'reserved',
      challenge,
      ref: challenge.hostedRef,
      ifWrong: counted.outcome,
      lockBefore: state.lock,
      lockAfter: counted.state.lock,
    },
  }
}

/** Gives an attempt back that the vendor certainly did not judge. */
export function giveBack(state: SubjectState, reserved: Reserved): Decision<null> {
  const { challenge } = state
  if (challenge?.id !== reserved.challenge.id || challenge.attempts < 1 || state.failures < 1) {
    return { state, outcome: null }
  }
  const { lockAfter, lockBefore } = reserved
  const ours = state.lock.tier === lockAfter.tier && state.lock.until === lockAfter.until
  return {
    state: {
      ...state,
      challenge: { ...challenge, attempts: challenge.attempts - 1 },
      failures: state.failures - 1,
      lock: ours ? lockBefore : state.lock,
    },
    outcome: null,
  }
}

/**
 * Ends the life of a challenge that is over at the vendor. The row keeps it, as it keeps any expired one:
 * what follows it is for the same number, and cancels what the vendor may still hold against a new code.
 */
export function end(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  challengeId: string,
): Decision<Refusal> {
  // A parallel approval was first, or the challenge was replaced or given up while the vendor thought.
  if (state.challenge?.id !== challengeId) return { state, outcome: refuse('no_challenge') }
  return { state: expireChallenge(state, now, policy), outcome: refuse('code_expired') }
}
