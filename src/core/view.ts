/** The public views of a challenge and of a passed second factor. Dates become ISO strings in JSON. */

import type { Instant, Method } from './state.js'

/** A running challenge, without its id and code. A factor can add fields. */
export interface ChallengeView {
  readonly status: 'pending'
  readonly method: Method
  readonly expiresAt: Date
  readonly expiresInSeconds: number
}

/** A passed second factor. */
export interface PassedView {
  readonly method: Method
  /** Authentication method references (RFC 8176). */
  readonly amr: readonly string[]
  /** Authenticator assurance level (NIST SP 800-63B-4). Absent if users cannot enrol factors themselves. */
  readonly aal?: 1 | 2 | undefined
  /** Absent if users cannot enrol factors themselves. */
  readonly phishingResistant?: boolean | undefined
  readonly passedAt: Date
  readonly expiresAt: Date
}

/** Whole seconds until an instant, rounded up; 0 once it has passed. */
export function secondsUntil(instant: Instant, now: Instant): number {
  return Math.max(0, Math.ceil((instant - now) / 1000))
}
