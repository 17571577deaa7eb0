/** What every part of the passkeys works with. */

import type { FactorTools } from '../../ports/factor-tools.js'
import type { WebAuthn } from './webauthn.js'

/** How strongly something is asked for, as WebAuthn names it. */
export type Requirement = 'discouraged' | 'preferred' | 'required'

export interface PasskeysContext extends FactorTools {
  /** The domain that passkeys are bound to. */
  readonly rpId: string
  /** The application's name as prompts show it. */
  readonly rpName: string
  /** The origins on which they count. */
  readonly origins: readonly string[]
  readonly userVerification: Requirement
  readonly residentKey: Requirement
  /** Passkeys that one person may have. */
  readonly max: number
  /** The library that checks signatures. @throws ConfigurationError where it is not installed. */
  readonly webAuthn: () => Promise<WebAuthn>
}
