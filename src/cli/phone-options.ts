/** The options of the phone that commands look at, which need not be a factor of the application. */

import type { CountStore } from '../ports/count-store.js'

/** These options, as far as commands use them. */
export interface PhoneOptions {
  readonly phone?: { readonly allowedCountries?: readonly string[] | undefined } | undefined
  readonly sender?: SenderUnderCheck | readonly SenderUnderCheck[] | undefined
  readonly verifier?: object | undefined
  readonly limits?: { readonly counts: CountStore } | undefined
  readonly users?: { readonly phone?: ((user: never) => unknown) | undefined } | undefined
}

/** A sender, which may know how to check its own settings. */
export interface SenderUnderCheck {
  readonly channel: string
  readonly check?: (() => Promise<{ readonly ok: boolean; readonly text: string }>) | undefined
}

/** Reads these options out of those of `createSecondFactor`. */
export function phoneOptionsOf(options: object | undefined): PhoneOptions {
  return options ?? {}
}
