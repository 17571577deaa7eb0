/** The models of the authenticator app's pages. */

import type { Page } from '../../../pages/page.js'
import type { QrCode } from '../qr.js'

/** Asks for a code of the app. */
export interface TotpPage extends Page {
  readonly name: 'totp'
  /** Digits of a code. */
  readonly codeLength: number
  /** Whether a code can be judged: an app is set up, and its secret can be read. */
  readonly usable: boolean
  /** Whether this session has passed, as recently as the page on the way needs it. */
  readonly passed: boolean
  /** Where the person goes afterwards. */
  readonly returnTo: string
}

/** Shows the secret of an app that is being set up, and asks for its first code. */
export interface TotpSetUpPage extends Page {
  readonly name: 'totp-set-up'
  /** In base32. */
  readonly secret: string
  /** The `otpauth:` address that the QR code holds. */
  readonly uri: string
  readonly qr: QrCode
  /** The account's name as apps show it. */
  readonly account: string
  /** Goes into the form, as the field `setup`. */
  readonly token: string
}
