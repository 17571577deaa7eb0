/** Refusals: expected negative outcomes, each with a stable code that clients can switch on. */

import type { ChallengeView } from './view.js'
import type { Instant, Method } from './state.js'

/** Refusal codes that all factors share. */
export type SharedRefusalCode =
  | 'malformed_request'
  | 'login_required'
  | 'second_factor_required'
  | 'second_factor_stale'
  | 'second_factor_insufficient'
  | 'code_incorrect'
  | 'code_expired'
  | 'code_used'
  | 'factor_not_enrolled'
  | 'setup_expired'
  | 'factor_limit'
  | 'last_factor'
  | 'factors_lost'
  | 'no_challenge'
  | 'attempts_exhausted'
  | 'locked_out'
  | 'store_unavailable'

/**
 * Every refusal code, as a key. Each factor adds its codes by declaration merging, so a misspelt one does not compile.
 */
export interface RefusalCodes extends Readonly<Record<SharedRefusalCode, true>> {}

/** A stable refusal code. Adding, removing or renaming one is a breaking change. */
export type RefusalCode = keyof RefusalCodes

/** Facts that a refusal can carry besides its code. */
export interface RefusalFacts {
  /** Attempts left: on the running challenge, or until the next lock. */
  readonly attemptsLeft?: number | undefined
  /** Set if this attempt caused a lock: when the lock ends, or `null` for the hard stop. */
  readonly lockedUntil?: Date | null | undefined
  /** When to try again. */
  readonly retryAt?: Date | undefined
  /** Whole seconds until `retryAt`, at least 1. */
  readonly retryAfterSeconds?: number | undefined
  /** The methods that would be accepted. */
  readonly methods?: readonly Method[] | undefined
  /** Set if the user has none of these methods and must enrol one first. */
  readonly mustEnrol?: true | undefined
  /** The running challenge, if it belongs to the requesting session. */
  readonly challenge?: ChallengeView | undefined
}

/** An expected negative outcome, with a stable code. */
export interface Refusal extends RefusalFacts {
  readonly status: 'refused'
  readonly code: RefusalCode
}

/**
 * Makes a refusal.
 *
 * @example
 * return refusal('code_incorrect', { attemptsLeft: 2 })
 */
export function refusal(code: RefusalCode, facts: RefusalFacts = {}): Refusal {
  return { status: 'refused', code, ...facts }
}

/**
 * Makes a refusal with `retryAt` and `retryAfterSeconds`, unless `retryAt` is `null`: then waiting does not help.
 *
 * @example
 * return refusalUntil('locked_out', row.lock.until, now)
 */
export function refusalUntil(
  code: RefusalCode,
  retryAt: Instant | null,
  now: Instant,
  facts: RefusalFacts = {},
): Refusal {
  return refusal(code, { ...facts, ...retryFacts(retryAt, now) })
}

/** `retryAt` and `retryAfterSeconds` for an instant; nothing for `null`. */
export function retryFacts(retryAt: Instant | null, now: Instant): RefusalFacts {
  if (retryAt === null) return {}
  return {
    retryAt: new Date(retryAt),
    retryAfterSeconds: Math.max(1, Math.ceil((retryAt - now) / 1000)),
  }
}

/**
 * Returns true if an answer is a refusal.
 *
 * @example
 * const answer = await secondFactor.start(user)
 * if (isRefusal(answer)) console.log(answer.code)
 */
export function isRefusal(answer: unknown): answer is Refusal {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'status' in answer &&
    answer.status === 'refused'
  )
}
