/** The models of the passkeys' pages. */

import type { Page } from '../../../pages/page.js'
import type { CreationOptions, RequestOptions } from '../ceremony-options.js'

/** The page that asks for a passkey. */
export interface PasskeyPage extends Page {
  readonly name: 'passkey'
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`; `null` if there is no passkey to ask for. */
  readonly options: RequestOptions | null
  /** True if the session has passed recently enough for the page the user is returning to. */
  readonly passed: boolean
  /** The page to go to afterwards. */
  readonly returnTo: string
}

/** The page that adds a passkey. */
export interface PasskeySetUpPage extends Page {
  readonly name: 'passkey-set-up'
  /** For `PublicKeyCredential.parseCreationOptionsFromJSON`. */
  readonly options: CreationOptions
  /** The number of the new passkey: 1 for the user's first. */
  readonly number: number
  /** The value of the form's field `setup`. */
  readonly token: string
  /** The page to go to if the user skips this. */
  readonly returnTo: string
}
