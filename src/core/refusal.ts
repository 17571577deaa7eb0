/** Refusals: expected negative outcomes, each with a stable code that clients switch on. */

import type { ChallengeView } from './view.js'
import type { Instant, Method } from './state.js'

/** The codes of the rules that all factors share. */
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
 * Every code, as the names of these fields. A room that refuses for reasons of its own adds its codes here by
 * declaration merging, so that a misspelt code does not compile.
 */
export interface RefusalCodes extends Readonly<Record<SharedRefusalCode, true>> {}

/** A stable code. Adding, removing or renaming one is a breaking change. */
export type RefusalCode = keyof RefusalCodes

/** What a refusal may say beside its code. */
export interface RefusalFacts {
  /** Guesses left on the running challenge. */
  readonly attemptsLeft?: number | undefined
  /** Set where this very guess brought a lock: when that ends, or `null` at the hard stop. */
  readonly lockedUntil?: Date | null | undefined
  /** When asking again may help. */
  readonly retryAt?: Date | undefined
  /** Whole seconds until `retryAt`, at least 1. */
  readonly retryAfterSeconds?: number | undefined
  /** The methods that would do. */
  readonly methods?: readonly Method[] | undefined
  /** Set where the user holds none of the methods that would do, and has to enrol one first. */
  readonly mustEnrol?: true | undefined
  /** The running challenge, where it is the asker's own. */
  readonly challenge?: ChallengeView | undefined
}

/** An expected negative outcome, with a stable code. */
export interface Refusal extends RefusalFacts {
  readonly status: 'refused'
  readonly code: RefusalCode
}

/**
 * A refusal with its facts; absent facts stay absent.
 *
 * @example
 * return refusal('code_incorrect', { attemptsLeft: 2 })
 */
export function refusal(code: RefusalCode, facts: RefusalFacts = {}): Refusal {
  return { status: 'refused', code, ...facts }
}

/**
 * A refusal that ends at a known instant; `null` where no time helps.
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

/** `retryAt` and `retryAfterSeconds` of an instant. */
export function retryFacts(retryAt: Instant | null, now: Instant): RefusalFacts {
  if (retryAt === null) return {}
  return {
    retryAt: new Date(retryAt),
    retryAfterSeconds: Math.max(1, Math.ceil((retryAt - now) / 1000)),
  }
}

/**
 * Whether an answer is a refusal.
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
