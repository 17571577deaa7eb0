/** The models of the authenticator app's pages. */

import type { Page } from '../../../pages/page.js'
import type { QrCode } from '../qr.js'

/** The page that asks for a code. */
export interface TotpPage extends Page {
  readonly name: 'totp'
  /** Number of digits in a code. */
  readonly codeLength: number
  /** True if a code can be judged: the user has an app, and its secret can be opened. */
  readonly usable: boolean
  /** True if the session has passed recently enough for the page the user is returning to. */
  readonly passed: boolean
  /** The page to go to afterwards. */
  readonly returnTo: string
}

/** The page that shows the secret of a new app and asks for its first code. */
export interface TotpSetUpPage extends Page {
  readonly name: 'totp-set-up'
  /** In base32. */
  readonly secret: string
  /** The `otpauth:` URI in the QR code. */
  readonly uri: string
  readonly qr: QrCode
  /** The account's name in the app. */
  readonly account: string
  /** The value of the form's field `setup`. */
  readonly token: string
}
