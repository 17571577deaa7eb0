/** The models of the passkeys' pages. */

import type { Page } from '../../../pages/page.js'
import type { CreationOptions, RequestOptions } from '../ceremony-options.js'

/** Asks for a passkey. */
export interface PasskeyPage extends Page {
  readonly name: 'passkey'
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON`; `null` where no passkey can be asked for. */
  readonly options: RequestOptions | null
  /** Whether this session has passed, as recently as the page on the way needs it. */
  readonly passed: boolean
  /** Where the person goes afterwards. */
  readonly returnTo: string
}

/** Adds a passkey. */
export interface PasskeySetUpPage extends Page {
  readonly name: 'passkey-set-up'
  /** For `PublicKeyCredential.parseCreationOptionsFromJSON`. */
  readonly options: CreationOptions
  /** Which passkey of the person it will be, from 1. */
  readonly number: number
  /** Goes into the form, as the field `setup`. */
  readonly token: string
  /** Where the person goes who leaves it for later. */
  readonly returnTo: string
}
