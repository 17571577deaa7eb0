/** What a factor shows: the page that asks for its evidence, and its part of the page where people manage factors. */

import type { Refusal, RefusalCode } from '../core/refusal.js'
import type { Grant, Instant, SubjectState } from '../core/state.js'
import type { Asset } from '../pages/assets.js'
import type { Html } from '../pages/html.js'
import type { PageBody, PageModel } from '../pages/page.js'
import type { Wording } from '../pages/wording.js'

/** Where a session stands, for the page that is shown to it. */
export interface PageRequest<User> {
  readonly user: User
  readonly row: SubjectState
  readonly now: Instant
  readonly grant: Grant | null
  /** Whether the session has passed as recently as the page on the way needs it. */
  readonly passed: boolean
  readonly sessionKey: string | null
  /** Whether the person has just changed a factor here, which a page confirms once. */
  readonly hasChanged: boolean
  /** Where the person goes afterwards. */
  readonly returnTo: string
  /** BCP 47 tag of the person's language, with the region where it is known. */
  readonly locale: string | null
}

/** A factor's page for a session, and the reason it has to give. */
export interface FactorPage {
  readonly page: PageBody
  readonly refusal: Refusal | null
  /** Refusals of earlier requests that the page is itself the answer to, so that it shows none of them. */
  readonly answers?: readonly RefusalCode[]
}

/** How pages name a factor. */
export interface FactorWords {
  /** A heading, such as "Authenticator app". */
  readonly name: string
  /** A link to its page from another factor's, such as "Use your authenticator app". */
  readonly use: string
  /** A button that enrols it, such as "Set up an authenticator app". */
  readonly add: string
  /** The same where something of it is held already. Absent: `add`. */
  readonly more?: string
}

/** A part of the page on which people manage their factors. */
export interface FactorSection<User> {
  /** What it shows, for views; `null` where there is nothing to manage. */
  model(request: PageRequest<User>): Promise<object | null>
  body(model: object, page: PageModel, wording: Wording): Html
  /** Whether it stands below the list of what is held, rather than in its place. */
  readonly isBelowList?: boolean
  /** Scripts that it needs. */
  readonly scripts?: readonly Asset[]
}
