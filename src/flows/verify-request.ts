/** A code that somebody typed, and whom it would pass. */

import type { GrantHolder } from '../core/challenge.js'
import type { Purpose } from '../core/state.js'

export interface VerifyRequest {
  readonly subject: string
  readonly purpose: Purpose
  /** Digits only, of the policy's length. */
  readonly code: string
  /** The challenge the asking session holds; `undefined` where the caller has no session. */
  readonly challengeId: string | null | undefined
  /** The session that is to hold the grant, or `null` where the caller has no session. */
  readonly holder: GrantHolder | null
}
