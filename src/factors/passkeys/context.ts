/** The dependencies of the passkey factor. */

import type { FactorTools } from '../../ports/factor-tools.js'
import type { WebAuthn } from './webauthn.js'

/** A WebAuthn requirement level. */
export type Requirement = 'discouraged' | 'preferred' | 'required'

export interface PasskeysContext extends FactorTools {
  /** The relying party id: the domain that passkeys are bound to. */
  readonly rpId: string
  /** The application's name in prompts. */
  readonly rpName: string
  /** The accepted origins. */
  readonly origins: readonly string[]
  readonly userVerification: Requirement
  readonly residentKey: Requirement
  /** Passkeys per user. */
  readonly max: number
  /** Returns the library that verifies signatures. @throws ConfigurationError if it is not installed. */
  readonly webAuthn: () => Promise<WebAuthn>
}
