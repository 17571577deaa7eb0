/** Enrolment of a factor: the secrets shown to the user, the proof that they work, and the stored part. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { FactorPart, Instant, SubjectState } from '../core/state.js'
import type { PageBody } from '../pages/page.js'
import type { Wording } from '../pages/wording.js'
import type { Verdict } from './attempt.js'

/** An enrolled item of a factor, such as one authenticator app. */
export interface HeldItem {
  /** Identifies it in URLs. Unique among the user's items. */
  readonly id: string
  readonly kind: string
  /** The user's name for it. */
  readonly name: string
  readonly addedAt: Instant
  /** When it last passed the second factor; `null` if it never did. */
  readonly usedAt: Instant | null
  /** False if it cannot be judged, because the secret that seals it is no longer configured. */
  readonly usable: boolean
}

/** Reads and changes the enrolled items in a factor's part. */
export interface HeldParts {
  /** Lists the items in the row. */
  items(row: SubjectState, now: Instant): readonly HeldItem[]
  /** Returns the part without the item. */
  remove(part: FactorPart, id: string): FactorPart
  /** Returns the part with another name for the item. Absent if items have no names. */
  rename?(part: FactorPart, id: string, name: string): FactorPart
}

/** Enrols items of a factor. Nothing is stored before the proof. */
export interface Enrolment<User = Express.User> {
  /** Returns the refusal if the user cannot enrol another item, or `null`. */
  limit?(row: SubjectState): Refusal | null
  /** Generates the secrets, and the JSON that shows them. */
  setUp(request: SetUpRequest<User>): SetUp | Promise<SetUp>
  /** Returns the page that shows the secrets and asks for the proof. Its form posts the token as `setup`. */
  page(setUp: ShownSetUp): PageBody
  /** Reads the proof from a client's fields, or returns `malformed_request`. */
  readProof(fields: Fields): unknown
  /** Does asynchronous work on a proof, such as checking a signature. `judge` gets the result as `prepared`. */
  prepare?(confirmation: Confirmation): Promise<unknown>
  /** Judges the proof against the current row. Pure. A right verdict carries the part with the new item. */
  judge(row: SubjectState, now: Instant, confirmation: Confirmation): Verdict
  /** Returns the secrets as a text file to download. */
  file?(secrets: unknown, appName: string, wording: Wording): SetUpFile
}

/** A request to set up a factor. */
export interface SetUpRequest<User> {
  readonly user: User
  readonly subject: string
  /** The account name that the user knows. */
  readonly label: string
  readonly row: SubjectState
  readonly now: Instant
  /** The requesting session's key. */
  readonly sessionKey: string
}

/** A factor that is being set up. */
export interface SetUp {
  /** JSON for `page` and `judge`. The client keeps it in a sealed token. */
  readonly secrets: unknown
  /** Fields of the JSON response, besides the token and its expiry. */
  readonly shown: object
}

/** A factor that is being set up, for its page. */
export interface ShownSetUp {
  readonly secrets: unknown
  /** The account name that the user knows. */
  readonly label: string
  readonly token: string
  /** The page to go to if the user skips this. */
  readonly returnTo: string
}

/** The proof that a client sends to complete a set-up. */
export interface Confirmation {
  readonly subject: string
  readonly secrets: unknown
  readonly proof: unknown
  /** The user's name for it; `null` for the default. */
  readonly name: string | null
  readonly sessionKey: string
  readonly prepared?: unknown
}

/** A file that a browser downloads. */
export interface SetUpFile {
  readonly name: string
  readonly text: string
}
