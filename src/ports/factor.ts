/** The interface of a factor. The flows call it and know no factor by name. They own the ledger, locks and grants. */

import type { ResetScope } from '../core/admin.js'
import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { FactorPart, Instant, Method, SubjectState } from '../core/state.js'
import type { Target } from '../core/subject.js'
import type { ChallengeView } from '../core/view.js'
import type { Asset } from '../pages/assets.js'
import type { Wording } from '../pages/wording.js'
import type { AskRequest, Attempt, Completion, CompletionRequest, Verdict } from './attempt.js'
import type { Enrolment, HeldParts } from './enrolment.js'
import type { UntimedEvent } from './event-sink.js'
import type { FactorPage, FactorSection, FactorWords, PageRequest } from './factor-page.js'
import type { FactorRoute } from './factor-route.js'
import type { HealthCheck } from './health.js'
import type { FactorInsight } from './insight.js'
import type { StartAnswer, StartRequest } from './start.js'

/** One kind of second factor. */
export interface Factor<User = Express.User> {
  /** The key of its part in the row, such as `phone`. */
  readonly kind: string
  /** Its name in grants, responses and events, such as `sms`. */
  readonly method: Method
  /** Authentication method references (RFC 8176) that a pass adds to `pwd`. */
  readonly amr: readonly string[]
  /**
   * True if its evidence can be guessed. It is then refused during a lock. Failures of every factor count towards
   * one.
   */
  readonly isGuessable: boolean
  readonly isPhishingResistant: boolean
  /**
   * True for a backup, such as recovery codes: asked last, enrolled only if the user has another factor, and removed
   * with the last of those.
   */
  readonly isBackup?: boolean
  /** The languages of its messages. `start` gets the best of these. */
  readonly locales?: readonly string[]

  /** Resolves to true if this user can pass by it. `row` reads the store only when called. */
  isAvailable(user: User, row: () => Promise<SubjectState>): Promise<boolean>

  /**
   * Resolves to true if this user has proved that they have it, even if they cannot pass by it now. Factors then
   * change only after a recent second factor. Called only if `held` is absent, for a factor that the row does not
   * store. If both are absent, `isAvailable` decides.
   */
  isHeld?(user: User, row: () => Promise<SubjectState>): Promise<boolean>

  /** Starts a challenge, such as by sending a code. Absent if the user already has the evidence. */
  start?(request: StartRequest<User>): Promise<StartAnswer>

  /**
   * Returns the data that a client needs to produce evidence if nothing is sent: the options of a ceremony. No
   * writes.
   */
  ask?(request: AskRequest<User>): Promise<ChallengeView | Refusal>

  /** Reads the evidence from a client's fields, or returns `malformed_request`. Called before the row is read. */
  readEvidence(fields: Fields): unknown

  /** Loads facts about the user that are not in the row. `judge` gets the result as `prepared`. */
  prepare?(user: Target<User>): Promise<unknown>

  /**
   * Does asynchronous work on the evidence, such as checking a signature, with the row just read. `judge` gets the
   * result as `examined`. If another write came first, it is called again with the new row.
   */
  examine?(row: SubjectState, now: Instant, attempt: Attempt): Promise<unknown>

  /** Judges evidence against the current row. Pure. Called again if another write came first. */
  judge(row: SubjectState, now: Instant, attempt: Attempt): Verdict

  /** Called with a right answer after its write succeeded, to count it. Never throws. */
  answered?(attempt: Attempt, proof: unknown): void

  /** Acts on a right answer once it is stored, such as by saving a verified phone. A refusal ends the new grant. */
  complete?(request: CompletionRequest<User>): Promise<Completion | Refusal>

  /** Returns the public view of the session's running challenge, or of any session's if `sessionKey` is `undefined`. */
  view?(
    row: SubjectState,
    now: Instant,
    sessionKey: string | null | undefined,
  ): ChallengeView | null

  /** Returns further facts about the row for operators. */
  status?(row: SubjectState, now: Instant): object

  /** Returns its part without the session's challenge; `null` if the session has none. */
  giveUp?(row: SubjectState, sessionKey: string): FactorPart | null

  /** Cancels the row's challenge at a vendor, after it was removed from the row. Never rejects. */
  cancel?(row: SubjectState): Promise<void>

  /** Writes what it has buffered, and stops its timers. Never rejects. */
  close?(): Promise<void>

  /**
   * Returns the health of its dependencies, by name, without sending anything or calling a vendor. Each check has its
   * own timeout, so one that hangs does not affect the others.
   */
  health?(): Readonly<Record<string, HealthCheck | Promise<HealthCheck>>>

  /** Its data for the operators' pages. */
  readonly insight?: FactorInsight | undefined

  /** Returns its part after the user passed by any factor. */
  afterSuccess?(part: FactorPart): FactorPart

  /** Returns its part once the user has no other factor. */
  whenAlone?(part: FactorPart): FactorPart

  /** Returns its part after an operator's reset. Absent if it has nothing to reset. */
  afterReset?(row: SubjectState, scope: ResetScope, now: Instant): FactorPart

  /** Returns the instant from which its part is no longer needed; `null` if it must be kept. Absent: always kept. */
  keepUntil?(part: FactorPart): Instant | null

  /** Returns the keys of other rows with data of this user, to erase along with theirs. */
  otherSubjects?(user: Target<User>): Promise<readonly string[]>

  /** Lists, removes and renames its enrolled items in the row. */
  readonly held?: HeldParts

  /** Lets users enrol it themselves, below `/factors/{kind}`. */
  readonly enrolment?: Enrolment<User>

  /**
   * Issues a code that passes once, for a user who lost every factor, and returns it with the part that accepts it. An
   * operator gives it to the user after verifying their identity.
   */
  issueTicket?(
    row: SubjectState,
    expiresAt: Instant,
  ): { readonly part: FactorPart; readonly code: string }

  /**
   * Returns its part with a secret that another system enrolled.
   *
   * @throws ConfigurationError if the secret is invalid.
   */
  importSecret?(subject: string, now: Instant, secret: string, name: string | null): FactorPart

  /** Returns its part, sealed under the issuing secret; `null` if it already is, or cannot be opened. */
  reseal?(row: SubjectState): FactorPart | null

  /** Its section of the management page. Absent: the list of its items, and a button to add one. */
  readonly manage?: FactorSection<User>

  /** Returns further facts for the user, in the status and after a pass. */
  facts?(row: SubjectState, now: Instant): object

  /** Returns further facts for the list of the user's factors. */
  listFacts?(row: SubjectState): object

  /** Returns its names on pages. */
  words?(wording: Wording): FactorWords

  /** Called after any factor of this user changed, to notify the user. Never rejects. */
  factorChanged?(change: FactorChange<User>): Promise<void>

  /** Returns true if one of its own events belongs in the audit log: a pass, a change or a refusal. */
  isAudited?(event: UntimedEvent): boolean

  /** The names of its pages, for the option `pages.views`. */
  readonly pageNames: readonly string[]

  /** Returns the page that asks for its evidence. */
  page(request: PageRequest<User>): Promise<FactorPage>

  /** Its endpoints, below the router. */
  readonly routes?: readonly FactorRoute<User>[]

  /**
   * Maximum size of a request body with its evidence, in bytes.
   *
   * @default 4096
   */
  readonly maxBodyBytes?: number

  /** Scripts of its pages, besides the one that all pages load. */
  readonly scripts?: readonly Asset[]

  /** HTTP statuses of its own refusals. */
  readonly statuses?: Readonly<Record<string, number>>

  /**
   * Returns the sentence for one of its own refusals. If `wait` is true, the sentence can contain `{duration}` and
   * `{time}`.
   */
  sentence?(code: string, wording: Wording, wait: boolean): string | undefined
}

/** A change of a user's factors. */
export interface FactorChange<User> {
  readonly user: Target<User>
  readonly subject: string
  readonly change: 'added' | 'removed' | 'recovery_code_used' | 'reset'
  /** The kind of the factor; `null` for a reset of all. */
  readonly kind: string | null
  /** BCP 47 tag of the user's language, if known. */
  readonly locale: string | null
  /** The row before the change, if something was removed from it. */
  readonly before?: SubjectState | undefined
}
