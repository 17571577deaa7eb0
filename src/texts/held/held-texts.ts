/** The texts about factors that a person holds: authenticator apps, passkeys and recovery codes. */

/** What each kind has: its names on pages, and the headings of its pages. */
interface NamedTexts {
  /** A heading; a link from the page of another factor; and a button that sets it up. */
  readonly name: string
  readonly use: string
  readonly add: string
  readonly headings: Readonly<Record<'challenge' | 'setUp', string>>
}

/** What those have that are typed in. */
interface CodeTexts extends NamedTexts {
  /** What to type in. */
  readonly enterCode: string
  /** What a code looks like. */
  readonly codeFormat: string
}

/** The texts about authenticator apps. `enterCode` and `codeFormat` have `{digits}`. */
export interface TotpTexts extends CodeTexts {
  /** The button that sets up another app in place of the present one. */
  readonly more: string
  /** After a code that was used before, and after a wrong one. */
  readonly waitForNext: string
  readonly checkClock: string
  /** How to get the secret into an app: by camera, by a link, or by hand. */
  readonly scan: string
  readonly qrLabel: string
  readonly openApp: string
  readonly cannotScan: string
  readonly typeKey: string
  /** How the app will name it: `{account}`. */
  readonly listedAs: string
  /** The first code: `{digits}`. */
  readonly firstCode: string
}

/** The texts about recovery codes. */
export interface RecoveryTexts extends CodeTexts {
  /** The label of the field. */
  readonly label: string
  /** The button that makes new codes where there are some. */
  readonly renew: string
  /** What they are for, and what becomes of the present ones. */
  readonly purpose: string
  readonly replaces: string
  /** Buttons, and what the first says once it has worked. */
  readonly copy: string
  readonly copied: string
  readonly print: string
  readonly download: string
  /** The label of the check box. */
  readonly saved: string
  /** In the file. */
  readonly keepSafe: string
  /** How many are left: `{left}` of `{total}`; and where few are. */
  readonly left: string
  readonly runningOut: string
}

/** The texts about passkeys. */
export interface PasskeyTexts extends NamedTexts {
  /** What will happen, and the button for it, where a passkey is asked for. */
  readonly explain: string
  readonly continue: string
  /** What a passkey is, and the button that makes one. */
  readonly purpose: string
  readonly create: string
  /** Where no script runs, or the browser has no passkeys. */
  readonly unsupported: string
  /** What became of a prompt: it was closed, the device has a passkey already, or the browser could not. */
  readonly cancelled: string
  readonly already: string
  readonly failed: string
  /** Why something was refused, and what to do. */
  readonly refusals: Readonly<Record<'passkey_rejected', string>>
}

/** The texts of one language about what a person holds. */
export interface HeldTexts {
  readonly passkey: PasskeyTexts
  readonly totp: TotpTexts
  readonly recoveryCodes: RecoveryTexts
}
