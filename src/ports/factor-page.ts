/** The pages of a factor: the one that asks for its evidence, and its section of the management page. */

import type { Refusal, RefusalCode } from '../core/refusal.js'
import type { Grant, Instant, SubjectState } from '../core/state.js'
import type { Asset } from '../pages/assets.js'
import type { Html } from '../pages/html.js'
import type { PageBody, PageModel } from '../pages/page.js'
import type { Wording } from '../pages/wording.js'

/** The state of a session, for its page. */
export interface PageRequest<User> {
  readonly user: User
  readonly row: SubjectState
  readonly now: Instant
  readonly grant: Grant | null
  /** True if the session has passed recently enough for the page the user is returning to. */
  readonly passed: boolean
  readonly sessionKey: string | null
  /** True if the user has just changed a factor here. The page confirms that once. */
  readonly hasChanged: boolean
  /** The page to go to afterwards. */
  readonly returnTo: string
  /** BCP 47 tag of the user's language, with the region if known. */
  readonly locale: string | null
}

/** A factor's page for a session, and the refusal to show on it. */
export interface FactorPage {
  readonly page: PageBody
  readonly refusal: Refusal | null
  /** Refusals of earlier requests that the page already answers, and so does not show. */
  readonly answers?: readonly RefusalCode[]
}

/** The names of a factor on pages. */
export interface FactorWords {
  /** A heading, such as "Authenticator app". */
  readonly name: string
  /** A link from another factor's page, such as "Use your authenticator app". */
  readonly use: string
  /** A button that enrols it, such as "Set up an authenticator app". */
  readonly add: string
  /**
   * The same button if the user already has one.
   *
   * @default `add`
   */
  readonly more?: string
}

/** A factor's section of the management page. */
export interface FactorSection<User> {
  /** Returns the section's data, which views get too; `null` if there is nothing to manage. */
  model(request: PageRequest<User>): Promise<object | null>
  body(model: object, page: PageModel, wording: Wording): Html
  /** True to show it below the list of items. Otherwise it replaces the list. */
  readonly isBelowList?: boolean
  /** Scripts for this section. */
  readonly scripts?: readonly Asset[]
}
