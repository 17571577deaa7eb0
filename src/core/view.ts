/** What a client may see of a challenge, whatever the factor. Dates become ISO strings in JSON. */

import type { Instant, Method } from './state.js'

/** A running challenge, without its id and its code. Each factor adds fields of its own. */
export interface ChallengeView {
  readonly status: 'pending'
  readonly method: Method
  readonly expiresAt: Date
  readonly expiresInSeconds: number
}

/** A passed second factor. */
export interface PassedView {
  readonly method: Method
  /** Authentication methods as RFC 8176 names them. */
  readonly amr: readonly string[]
  /** The authenticator assurance level of NIST SP 800-63B-4. Absent where people enrol no factors by themselves. */
  readonly aal?: 1 | 2 | undefined
  /** Absent where people enrol no factors by themselves. */
  readonly phishingResistant?: boolean | undefined
  readonly passedAt: Date
  readonly expiresAt: Date
}

/** Whole seconds until an instant, 0 from then on. */
export function secondsUntil(instant: Instant, now: Instant): number {
  return Math.max(0, Math.ceil((instant - now) / 1000))
}
