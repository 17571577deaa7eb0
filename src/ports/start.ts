/** A request for evidence that has to be sent first, and its outcome. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { Target } from '../core/subject.js'
import type { ChallengeView } from '../core/view.js'

/** A request for evidence to be sent. */
export interface StartRequest<User> {
  readonly subject: string
  readonly user: Target<User>
  /**
   * The key of the asking session, which its challenges are bound to: `null` where it has none, and
   * `undefined` where the caller has no session.
   */
  readonly sessionKey: string | null | undefined
  /** What the client sent, or the options of a call without a request. */
  readonly fields: Fields
  /** BCP 47 tag of the person's language, where it is known. */
  readonly locale: string | null
  readonly clientIp: string | undefined
}

/** The outcome of a start. */
export type StartAnswer = ChallengeView | Refusal
