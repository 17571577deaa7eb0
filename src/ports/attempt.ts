/** Evidence that is given for a factor, and the verdict on it. */

import type { Refusal } from '../core/refusal.js'
import type { FactorPart, Instant, Purpose, SubjectState } from '../core/state.js'
import type { PassFacts } from './event-sink.js'

/** Evidence, and what it is for. */
export interface Attempt {
  readonly evidence: unknown
  readonly purpose: Purpose
  /** The key of the asking session; `undefined` where the caller has no session. */
  readonly sessionKey: string | null | undefined
  /** The grant that the asking session holds by now, if any. */
  readonly grantId?: string | null | undefined
  /** The address the request came from, where there is one. */
  readonly clientIp?: string | undefined
  /** What the factor's `prepare` has returned; absent where the caller knows no user. */
  readonly prepared?: unknown
  /** What the factor's `examine` has returned. */
  readonly examined?: unknown
}

/** A request for what a client needs to give its evidence. */
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
  /** Wrong: counted as a failure. */
  | { readonly status: 'wrong'; readonly part: FactorPart; readonly refusal: Refusal }
  /** Nothing was judged, and nothing is counted. */
  | Refusal
  /**
   * Judged elsewhere: counted as wrong up front, so that parallel tries stay within their limits. `settle` then
   * asks, and returns the rule for what the answer means.
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
  /** What was proved, for `complete` and for the route that asked. */
  readonly proof?: unknown
  /** What the event of the pass says beside its method. */
  readonly passFacts?: PassFacts | undefined
  /** True if the answer changed a factor; all earlier passes then end. */
  readonly endsOthers?: boolean | undefined
}

/** What a deferred verdict has become. */
export type Settlement =
  | RightAnswer
  /** Wrong, as it was counted. */
  | { readonly status: 'wrong' }
  /** Refused for another reason; `isCounted` is whether the failure stays counted. */
  | {
      readonly status: 'unjudged'
      readonly part?: FactorPart
      readonly refusal: Refusal
      readonly isCounted: boolean
    }

/** A right answer whose session is about to pass. */
export interface CompletionRequest<User> {
  readonly user: User
  readonly subject: string
  readonly purpose: Purpose
  readonly proof: unknown
  /** BCP 47 tag of the person's language, where it is known. */
  readonly locale: string | null
  /** Whether the person is still logged in. Ask before keeping anything elsewhere: a logout may have come in between. */
  isLoggedIn(): Promise<boolean>
}

/** What was completed. */
export interface Completion {
  readonly status: 'completed'
  /** Runs once the session has passed; nobody waits for it. */
  readonly afterwards?: () => void
}
