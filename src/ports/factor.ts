/** What a factor is. The flows ask it and know none by name; ledger, lock and grants stay theirs. */

import type { ResetScope } from '../core/admin.js'
import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { FactorPart, Grant, Instant, Method, Purpose, SubjectState } from '../core/state.js'
import type { Target } from '../core/subject.js'
import type { ChallengeView } from '../core/view.js'
import type { PageBody } from '../pages/page.js'
import type { Wording } from '../pages/wording.js'
import type { FactorRoute } from './factor-route.js'
import type { StartAnswer, StartRequest } from './start.js'

/** One kind of evidence that a person can give beside the password. */
export interface Factor<User = Express.User> {
  /** Names its part of the row, such as `phone`. */
  readonly kind: string
  /** Names it in grants, in answers and in events, such as `sms`. */
  readonly method: Method
  /** What a pass by it adds to `pwd`, as RFC 8176 names it. */
  readonly amr: readonly string[]
  /** Whether its evidence can be guessed: then a lock holds it. Failures of every factor count towards one. */
  readonly isGuessable: boolean
  readonly isPhishingResistant: boolean
  /** The languages it writes messages in; the best of these is chosen for `start`. */
  readonly locales?: readonly string[]

  /** Whether this user can pass by it. `row` is read only if it is asked for. */
  isAvailable(user: User, row: () => Promise<SubjectState>): Promise<boolean>

  /** Asks for evidence that has to be sent first. Absent where the person holds it already. */
  start?(request: StartRequest<User>): Promise<StartAnswer>

  /** The evidence in a client's fields, or `malformed_request`. Runs before the row is read. */
  readEvidence(fields: Fields): unknown

  /** What judging has to know of the user beside the row, handed to `judge` as `prepared`. */
  prepare?(user: Target<User>): Promise<unknown>

  /** Judges evidence on the row as it is now. Pure, and called again where another write came first. */
  judge(row: SubjectState, now: Instant, attempt: Attempt): Verdict

  /** Keeps what a right answer has proved, once it is certain. A refusal ends the new grant again. */
  complete?(request: CompletionRequest<User>): Promise<Completion | Refusal>

  /** The challenge of the session with this id, or whichever runs where it is `undefined`, as a client may see it. */
  view?(
    row: SubjectState,
    now: Instant,
    challengeId: string | null | undefined,
  ): ChallengeView | null

  /** Facts about the row for operators, beside failures and lock. */
  status?(row: SubjectState, now: Instant): object

  /** Its part without the challenge with this id; `null` where that is not its challenge. */
  giveUp?(row: SubjectState, challengeId: string): FactorPart | null

  /** Ends at a vendor what this row has running; called once the row itself has forgotten it. Never rejects. */
  cancel?(row: SubjectState): Promise<void>

  /** Its part after the user has passed, by whichever factor. */
  afterSuccess?(part: FactorPart): FactorPart

  /** Its part after an operator's reset. Absent where nothing of it is ever reset. */
  afterReset?(row: SubjectState, scope: ResetScope, now: Instant): FactorPart

  /** The instant from which its part says nothing any more. Absent where the part never expires. */
  keepUntil?(part: FactorPart): Instant | null

  /** Other rows that hold something of this user, to be erased with theirs. */
  otherSubjects?(user: Target<User>): Promise<readonly string[]>

  /** The names of its pages, for an application's own views. */
  readonly pageNames: readonly string[]

  /** The page that asks for its evidence. */
  page(request: PageRequest<User>): Promise<FactorPage>

  /** Endpoints of its own below the router's path. */
  readonly routes?: readonly FactorRoute<User>[]

  /** HTTP statuses of refusals that only it gives. */
  readonly statuses?: Readonly<Record<string, number>>

  /** A sentence for a refusal that only it gives. */
  sentence?(code: string, wording: Wording): string | undefined
}

/** Evidence, and what it is for. */
export interface Attempt {
  readonly evidence: unknown
  readonly purpose: Purpose
  /** The challenge that the asking session holds; `undefined` where the caller has no session. */
  readonly challengeId: string | null | undefined
  /** What the factor's `prepare` has returned; absent where the caller knows no user. */
  readonly prepared?: unknown
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
}

/** What was completed. */
export interface Completion {
  readonly status: 'completed'
  /** Runs once the session has passed; nobody waits for it. */
  readonly afterwards?: () => void
}

/** Where a session stands, for the page that is shown to it. */
export interface PageRequest<User> {
  readonly user: User
  readonly row: SubjectState
  readonly now: Instant
  readonly grant: Grant | null
  /** Whether the session has passed as recently as the page on the way needs it. */
  readonly passed: boolean
  readonly challengeId: string | null
  /** Where the person goes afterwards. */
  readonly returnTo: string
}

/** A factor's page for a session, and the reason it has to give. */
export interface FactorPage {
  readonly page: PageBody
  readonly refusal: Refusal | null
}
