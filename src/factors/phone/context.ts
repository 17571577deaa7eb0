/** What every part of the phone factor works with. */

import type { KeyRing } from '../../core/keys.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { Delivery } from './delivery.js'
import type { SendLimits } from './limits/send-limits.js'
import type { ParsePhone } from './phone-number.js'
import type { HostedVerifier } from './ports/hosted-verifier.js'
import type { SetUpMistakes } from './set-up-mistakes.js'
import type { PhoneUsers } from './users.js'

export interface PhoneContext<User = unknown> extends FactorTools {
  readonly users: PhoneUsers<User>
  readonly mistakes: SetUpMistakes
  /** Digits of a code. */
  readonly codeLength: number
  /** Derives our own codes; `null` where a vendor owns all codes. */
  readonly ring: KeyRing | null
  readonly delivery: Delivery
  /** Judges the codes that a vendor owns; `null` where all codes are ours. */
  readonly verifier: HostedVerifier | null
  /** Whether vendors report deliveries here, for which a start keeps the message's id by one more write. */
  readonly keepsReceipts: boolean
  readonly parsePhone: ParsePhone
  /** The limits over all users; `null` where the application has none. */
  readonly limits: SendLimits | null
  /** A phone that could be real, of the default country or of a language's, spelt as people may type it. */
  readonly examplePhone: (locale: string | null) => string
}
