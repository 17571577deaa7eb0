/** The texts about factors that users enrol: authenticator apps, passkeys and recovery codes. */

/** The texts of every kind: its names on pages, and the headings of its pages. */
interface NamedTexts {
  /** A heading; a link from the page of another factor; and a button that sets it up. */
  readonly name: string
  readonly use: string
  readonly add: string
  readonly headings: Readonly<Record<'challenge' | 'setUp', string>>
}

/** The texts of kinds with a code to type. */
interface CodeTexts extends NamedTexts {
  /** The instruction to type a code. */
  readonly enterCode: string
  /** The format of a code. */
  readonly codeFormat: string
}

/** The texts about authenticator apps. `enterCode` and `codeFormat` have `{digits}`. */
export interface TotpTexts extends CodeTexts {
  /** The button that replaces the current app with another. */
  readonly more: string
  /** The advice after a used code, and after a wrong one. */
  readonly waitForNext: string
  readonly checkClock: string
  /** Ways to get the secret into an app: by camera, by a link, or by hand. */
  readonly scan: string
  readonly qrLabel: string
  readonly openApp: string
  readonly cannotScan: string
  readonly typeKey: string
  /** The account's name in the app: `{account}`. */
  readonly listedAs: string
  /** The instruction to type the first code: `{digits}`. */
  readonly firstCode: string
}

/** The texts about recovery codes. */
export interface RecoveryTexts extends CodeTexts {
  /** The label of the field. */
  readonly label: string
  /** The button that replaces the current codes. */
  readonly renew: string
  /** The purpose of the codes, and a warning that they replace the current ones. */
  readonly purpose: string
  readonly replaces: string
  /** Buttons. `copied` replaces the label of the first once the codes are copied. */
  readonly copy: string
  readonly copied: string
  readonly print: string
  readonly download: string
  /** The label of the check box. */
  readonly saved: string
  /** The advice in the file. */
  readonly keepSafe: string
  /** The number of codes left, `{left}` of `{total}`; and the warning if there are few. */
  readonly left: string
  readonly runningOut: string
}

/** The texts about passkeys. */
export interface PasskeyTexts extends NamedTexts {
  /** The explanation and the button on the page that asks for a passkey. */
  readonly explain: string
  readonly continue: string
  /** The explanation and the button on the page that adds a passkey. */
  readonly purpose: string
  readonly create: string
  /** If scripts are disabled, or the browser does not support passkeys. */
  readonly unsupported: string
  /** The outcome of a prompt: the user closed it, the device already has a passkey, or the browser failed. */
  readonly cancelled: string
  readonly already: string
  readonly failed: string
  /** The reason for each refusal, and what to do. */
  readonly refusals: Readonly<Record<'passkey_rejected', string>>
}

/** The texts of one language about factors that users enrol. */
export interface HeldTexts {
  readonly passkey: PasskeyTexts
  readonly totp: TotpTexts
  readonly recoveryCodes: RecoveryTexts
}
