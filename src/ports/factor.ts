/** What a factor is. The flows ask it and know none by name; ledger, lock and grants stay theirs. */

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
  /**
   * Whether it only stands in for another factor, as recovery codes do: it is asked last, enrolled only beside
   * another, and gone with the last of those.
   */
  readonly isBackup?: boolean
  /** The languages it writes messages in; the best of these is chosen for `start`. */
  readonly locales?: readonly string[]

  /** Whether this user can pass by it. `row` is read only if it is asked for. */
  isAvailable(user: User, row: () => Promise<SubjectState>): Promise<boolean>

  /**
   * Whether this user has proved to hold it, even if nobody could pass by it now. From then on factors change only
   * after a fresh second factor. Asked only where `held` is absent: what the row holds speaks for itself. Where both are
   * absent, `isAvailable` is asked.
   */
  isHeld?(user: User, row: () => Promise<SubjectState>): Promise<boolean>

  /** Asks for evidence that has to be sent first. Absent where the person holds it already. */
  start?(request: StartRequest<User>): Promise<StartAnswer>

  /** What a client needs to give its evidence, where nothing is sent: the options of a ceremony. Writes nothing. */
  ask?(request: AskRequest<User>): Promise<ChallengeView | Refusal>

  /** The evidence in a client's fields, or `malformed_request`. Runs before the row is read. */
  readEvidence(fields: Fields): unknown

  /** What judging has to know of the user beside the row, handed to `judge` as `prepared`. */
  prepare?(user: Target<User>): Promise<unknown>

  /**
   * Work on evidence that may wait, such as checking a signature, with the row as it was just read. Handed to `judge` as
   * `examined`; it counts only if the write holds on that row.
   */
  examine?(row: SubjectState, now: Instant, attempt: Attempt): Promise<unknown>

  /** Judges evidence on the row as it is now. Pure, and called again where another write came first. */
  judge(row: SubjectState, now: Instant, attempt: Attempt): Verdict

  /** Hears of a right answer once its write has held, to count it. Never throws. */
  answered?(attempt: Attempt, proof: unknown): void

  /** Keeps what a right answer has proved, once it is certain. A refusal ends the new grant again. */
  complete?(request: CompletionRequest<User>): Promise<Completion | Refusal>

  /** The challenge of the session with this key, or whichever runs where it is `undefined`, as a client may see it. */
  view?(
    row: SubjectState,
    now: Instant,
    sessionKey: string | null | undefined,
  ): ChallengeView | null

  /** Facts about the row for operators, beside failures and lock. */
  status?(row: SubjectState, now: Instant): object

  /** Its part without the challenge of the session with this key; `null` where that session has none here. */
  giveUp?(row: SubjectState, sessionKey: string): FactorPart | null

  /** Ends at a vendor what this row has running; called once the row itself has forgotten it. Never rejects. */
  cancel?(row: SubjectState): Promise<void>

  /** Writes what it has not written yet, and stops its timers. Never rejects. */
  close?(): Promise<void>

  /**
   * How what it depends on stands, by name. Nothing is sent, and no vendor is called. Each check has a time of its own, so
   * that one that hangs loses none of the others.
   */
  health?(): Readonly<Record<string, HealthCheck | Promise<HealthCheck>>>

  /** What the page of operators shows of it. */
  readonly insight?: FactorInsight | undefined

  /** Its part after the user has passed, by whichever factor. */
  afterSuccess?(part: FactorPart): FactorPart

  /** Its part once no other factor is left beside it. */
  whenAlone?(part: FactorPart): FactorPart

  /** Its part after an operator's reset. Absent where nothing of it is ever reset. */
  afterReset?(row: SubjectState, scope: ResetScope, now: Instant): FactorPart

  /** The instant from which its part says nothing any more. Absent where the part never expires. */
  keepUntil?(part: FactorPart): Instant | null

  /** Other rows that hold something of this user, to be erased with theirs. */
  otherSubjects?(user: Target<User>): Promise<readonly string[]>

  /** What the person holds of it in the row, and how that is removed and renamed. */
  readonly held?: HeldParts

  /** How a person comes to hold it, below `/factors/{kind}`. */
  readonly enrolment?: Enrolment<User>

  /**
   * Its part with a code that passes once, for whoever lost every factor, and that code. An operator hands it over
   * after the application's own check of who they are.
   */
  issueTicket?(
    row: SubjectState,
    expiresAt: Instant,
  ): { readonly part: FactorPart; readonly code: string }

  /**
   * Its part with a secret that another system has enrolled.
   *
   * @throws ConfigurationError where the secret cannot be used.
   */
  importSecret?(subject: string, now: Instant, secret: string, name: string | null): FactorPart

  /** Its part with everything sealed under the issuing secret; `null` where it is so already, or cannot be opened. */
  reseal?(row: SubjectState): FactorPart | null

  /** Its part of the page on which people manage their factors. Absent: what is held, and a button to add more. */
  readonly manage?: FactorSection<User>

  /** Further facts for the person, beside those that every status and every pass has. */
  facts?(row: SubjectState, now: Instant): object

  /** Facts for the list of what is held, beside those. */
  listFacts?(row: SubjectState): object

  /** Its names on pages. */
  words?(wording: Wording): FactorWords

  /** Told once a factor of this user has changed, so that the person hears of it by other ways. Never rejects. */
  factorChanged?(change: FactorChange<User>): Promise<void>

  /** Whether an event of its own belongs in the audit log: who got in, what changed, what was refused. */
  isAudited?(event: UntimedEvent): boolean

  /** The names of its pages, for an application's own views. */
  readonly pageNames: readonly string[]

  /** The page that asks for its evidence. */
  page(request: PageRequest<User>): Promise<FactorPage>

  /** Endpoints of its own below the router's path. */
  readonly routes?: readonly FactorRoute<User>[]

  /** Bytes that a body of its evidence may have, where 4,096 do not suffice. */
  readonly maxBodyBytes?: number

  /** Scripts of its own pages, beside the one that all pages load. */
  readonly scripts?: readonly Asset[]

  /** HTTP statuses of refusals that only it gives. */
  readonly statuses?: Readonly<Record<string, number>>

  /**
   * A sentence for a refusal that only it gives. Where it is known how long to `wait`, the sentence may say so itself,
   * with `{duration}` and `{time}` in it.
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
  /** BCP 47 tag of the person's language, where it is known. */
  readonly locale: string | null
  /** The row as it was, where something was taken out of it. */
  readonly before?: SubjectState | undefined
}
