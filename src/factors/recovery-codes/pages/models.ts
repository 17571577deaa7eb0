/** The models of the recovery codes' pages. */

import type { Page } from '../../../pages/page.js'

/** Asks for a recovery code. */
export interface RecoveryPage extends Page {
  readonly name: 'recovery'
  /** Whether there are codes to ask for. */
  readonly usable: boolean
  /** Whether this session has passed, as recently as the page on the way needs it. */
  readonly passed: boolean
  /** Where the person goes afterwards. */
  readonly returnTo: string
}

/** Shows new codes, once. */
export interface RecoveryCodesPage extends Page {
  readonly name: 'recovery-codes'
  /** In groups of four. */
  readonly codes: readonly string[]
  /** Whether older codes stop working once these are confirmed. */
  readonly replacesOthers: boolean
  /** Goes into the forms, as the field `setup`. */
  readonly token: string
  /** Where the person goes who leaves it for later. */
  readonly returnTo: string
}
