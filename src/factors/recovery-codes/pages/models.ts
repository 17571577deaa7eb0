/** The models of the recovery codes' pages. */

import type { Page } from '../../../pages/page.js'

/** The page that asks for a recovery code. */
export interface RecoveryPage extends Page {
  readonly name: 'recovery'
  /** True if the user has a code. */
  readonly usable: boolean
  /** True if the session has passed recently enough for the page the user is returning to. */
  readonly passed: boolean
  /** The page to go to afterwards. */
  readonly returnTo: string
}

/** The page that shows new codes, once. */
export interface RecoveryCodesPage extends Page {
  readonly name: 'recovery-codes'
  /** The codes, in groups of four. */
  readonly codes: readonly string[]
  /** True if these replace older codes once they are confirmed. */
  readonly replacesOthers: boolean
  /** The value of the forms' field `setup`. */
  readonly token: string
  /** The page to go to if the user skips this. */
  readonly returnTo: string
}
