/** A request to start a challenge, and its outcome. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { SubjectState } from '../core/state.js'
import type { Target } from '../core/subject.js'
import type { ChallengeView } from '../core/view.js'

/** A request to start a challenge. */
export interface StartRequest<User> {
  readonly subject: string
  readonly user: Target<User>
  /**
   * The requesting session's key, which binds the challenge to the session. `null` if the session has no key, and
   * `undefined` if the caller has no session.
   */
  readonly sessionKey: string | null | undefined
  /** The client's fields, or the options of a headless call. */
  readonly fields: Fields
  /** BCP 47 tag of the user's language, if known. */
  readonly locale: string | null
  readonly clientIp: string | undefined
  /** The row, if it was just read: give it to `transition`, which then need not read it again. */
  readonly row?: SubjectState | null | undefined
}

/** The outcome of a start. */
export type StartAnswer = ChallengeView | Refusal
