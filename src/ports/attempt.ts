/** Evidence for a factor, and the verdict on it. */

import type { Refusal } from '../core/refusal.js'
import type { FactorPart, Instant, Purpose, SubjectState } from '../core/state.js'
import type { PassFacts } from './event-sink.js'

/** Evidence and its context. */
export interface Attempt {
  readonly evidence: unknown
  readonly purpose: Purpose
  /** The requesting session's key; `undefined` if the caller has no session. */
  readonly sessionKey: string | null | undefined
  /** The id of the grant that the requesting session already holds, if any. */
  readonly grantId?: string | null | undefined
  /** The client's IP address, if known. */
  readonly clientIp?: string | undefined
  /** The result of the factor's `prepare`; absent if the caller has no user. */
  readonly prepared?: unknown
  /** The result of the factor's `examine`. */
  readonly examined?: unknown
}

/** A request for the data that a client needs to produce its evidence. */
export interface AskRequest<User> {
  readonly user: User
  readonly subject: string
  readonly row: SubjectState
  readonly now: Instant
  readonly sessionKey: string | null
}

/** The verdict on evidence. */
export type Verdict =
  | RightAnswer
  /** Wrong. Counted as a failure. */
  | { readonly status: 'wrong'; readonly part: FactorPart; readonly refusal: Refusal }
  /** Not judged, and not counted. */
  | Refusal
  /**
   * Judged by a vendor. Counted as wrong up front, so parallel attempts stay within the limits. `settle` then asks the
   * vendor, and returns the rule that applies the result to the row.
   */
  | {
      readonly status: 'deferred'
      readonly part: FactorPart
      readonly refusal: Refusal
      settle(): Promise<(row: SubjectState, now: Instant) => Settlement>
    }

/** A right answer. */
export interface RightAnswer {
  readonly status: 'right'
  readonly part: FactorPart
  /** The proof, for `complete` and for the route that asked. */
  readonly proof?: unknown
  /** Further fields of the event `passed`. */
  readonly passFacts?: PassFacts | undefined
  /** True if the answer changed a factor. Every other grant then ends. */
  readonly endsOthers?: boolean | undefined
}

/** The final verdict after a deferred one. */
export type Settlement =
  | RightAnswer
  /** Wrong. The failure stays counted. */
  | { readonly status: 'wrong' }
  /** Refused for another reason. The failure stays counted if `isCounted`. */
  | {
      readonly status: 'unjudged'
      readonly part?: FactorPart
      readonly refusal: Refusal
      readonly isCounted: boolean
    }

/** A right answer, just before the session passes. */
export interface CompletionRequest<User> {
  readonly user: User
  readonly subject: string
  readonly purpose: Purpose
  readonly proof: unknown
  /** BCP 47 tag of the user's language, if known. */
  readonly locale: string | null
  /**
   * Resolves to true if the user is still logged in. Ask before storing anything elsewhere: they may have logged out.
   */
  readonly isLoggedIn: () => Promise<boolean>
}

/** The result of `complete`. */
export interface Completion {
  readonly status: 'completed'
  /** Called once the session has passed. Nothing waits for it. */
  readonly afterwards?: () => void
}
