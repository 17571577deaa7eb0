/** How a person comes to hold a factor: what is shown, what proves it, and what is kept of it. */

import type { Fields } from '../core/fields.js'
import type { Refusal } from '../core/refusal.js'
import type { FactorPart, Instant, SubjectState } from '../core/state.js'
import type { PageBody } from '../pages/page.js'
import type { Wording } from '../pages/wording.js'
import type { Verdict } from './attempt.js'

/** Something that a person holds. */
export interface HeldItem {
  /** Names it in addresses; unique among what the user holds. */
  readonly id: string
  readonly kind: string
  /** What the person calls it. */
  readonly name: string
  readonly addedAt: Instant
  /** When a second factor was last passed by it; `null` where it never was. */
  readonly usedAt: Instant | null
  /** Whether it can be judged here: `false` where the secret that it is sealed under is gone. */
  readonly usable: boolean
}

/** What a factor keeps of what people hold. */
export interface HeldParts {
  /** What is held of it. */
  items(row: SubjectState, now: Instant): readonly HeldItem[]
  /** Its part without the item. */
  remove(part: FactorPart, id: string): FactorPart
  /** Its part with another name for the item. Absent where items have no names of their own. */
  rename?(part: FactorPart, id: string, name: string): FactorPart
}

/** Enrols something that a person holds. Nothing is stored before it is proved. */
export interface Enrolment<User = Express.User> {
  /** The refusal where no more can be enrolled beside what is there, or `null`. */
  limit?(row: SubjectState): Refusal | null
  /** Makes the secrets, and the JSON that shows them. */
  setUp(request: SetUpRequest<User>): SetUp | Promise<SetUp>
  /** The page that shows the secrets and asks for the proof. Its form posts the token as `setup`. */
  page(setUp: ShownSetUp): PageBody
  /** Reads the proof from a client's fields; `malformed_request` if it is unusable. */
  readProof(fields: Fields): unknown
  /** Work on a proof that may wait, such as checking a signature; the result reaches `judge` as `prepared`. */
  prepare?(confirmation: Confirmation): Promise<unknown>
  /** Judges the proof on the row as it is now, and returns the part that holds the factor. Pure. */
  judge(row: SubjectState, now: Instant, confirmation: Confirmation): Verdict
  /** What is shown, as a text file for keeping. */
  file?(secrets: unknown, appName: string, wording: Wording): SetUpFile
}

/** The user who enrols, and the session they do it in. */
export interface SetUpRequest<User> {
  readonly user: User
  readonly subject: string
  /** The account's name as the person knows it. */
  readonly label: string
  readonly row: SubjectState
  readonly now: Instant
  /** The session that asks. */
  readonly sessionKey: string
}

/** A factor that is being set up. */
export interface SetUp {
  /** What `page` and `judge` need of it: JSON, kept by the client in a sealed token. */
  readonly secrets: unknown
  /** The fields of the JSON answer, beside the token and its end. */
  readonly shown: object
}

/** A factor that is being set up, as its page shows it. */
export interface ShownSetUp {
  readonly secrets: unknown
  /** The account's name as the person knows it. */
  readonly label: string
  readonly token: string
  /** Where the person goes who leaves it for later. */
  readonly returnTo: string
}

/** What a person sends to prove what was set up. */
export interface Confirmation {
  readonly subject: string
  readonly secrets: unknown
  readonly proof: unknown
  /** What the person calls it; `null` for the default. */
  readonly name: string | null
  readonly sessionKey: string
  readonly prepared?: unknown
}

/** A file that a browser downloads. */
export interface SetUpFile {
  readonly name: string
  readonly text: string
}
