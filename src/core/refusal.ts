/** Refusals: expected answers of no, each with a stable code that clients switch on. */

import type { ChallengeView } from './view.js'
import type { Instant } from './state.js'

/** Every reason for a no. Adding, removing or renaming one is a breaking change. */
export type RefusalCode =
  | 'malformed_request'
  | 'method_not_allowed'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'login_required'
  | 'second_factor_required'
  | 'second_factor_stale'
  | 'cross_site_request'
  | 'code_incorrect'
  | 'code_expired'
  | 'no_challenge'
  | 'destination_missing'
  | 'destination_invalid'
  | 'destination_blocked'
  | 'unknown_number'
  | 'attempts_exhausted'
  | 'cooldown'
  | 'send_limit'
  | 'locked_out'
  | 'delivery_failed'
  | 'service_misconfigured'
  | 'delivery_unavailable'
  | 'store_unavailable'

/** What a refusal may say beside its code. */
export interface RefusalFacts {
  /** Guesses left on the running challenge. */
  readonly attemptsLeft?: number | undefined
  /** When asking again may help. */
  readonly retryAt?: Date | undefined
  /** Whole seconds until `retryAt`, at least 1. */
  readonly retryAfterSeconds?: number | undefined
  /** The running challenge, where it is the asker's own. */
  readonly challenge?: ChallengeView | undefined
}

/** An expected no. */
export interface Refusal extends RefusalFacts {
  readonly status: 'refused'
  readonly code: RefusalCode
}

/** A refusal with its facts; absent facts stay absent. */
export function refuse(code: RefusalCode, facts: RefusalFacts = {}): Refusal {
  return { status: 'refused', code, ...facts }
}

/** A refusal that ends at a known instant; `null` where no time helps. */
export function refuseUntil(
  code: RefusalCode,
  retryAt: Instant | null,
  now: Instant,
  facts: RefusalFacts = {},
): Refusal {
  return refuse(code, { ...facts, ...retryFacts(retryAt, now) })
}

/** `retryAt` and `retryAfterSeconds` of an instant. */
export function retryFacts(retryAt: Instant | null, now: Instant): RefusalFacts {
  if (retryAt === null) return {}
  return {
    retryAt: new Date(retryAt),
    retryAfterSeconds: Math.max(1, Math.ceil((retryAt - now) / 1000)),
  }
}

/** Tells a refusal from any other answer. */
export function isRefusal(answer: { readonly status: string }): answer is Refusal {
  return answer.status === 'refused'
}
