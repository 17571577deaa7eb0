/** The settings and tools that all parts of the phone factor share. */

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
  /** The number of digits in a code. */
  readonly codeLength: number
  /** Derives our own codes; `null` if a vendor owns all codes. */
  readonly ring: KeyRing | null
  readonly delivery: Delivery
  /** Judges the codes that a vendor owns; `null` if all codes are ours. */
  readonly verifier: HostedVerifier | null
  /** True if vendors report deliveries here; each start then stores the message's id, with one more write. */
  readonly keepsReceipts: boolean
  readonly parsePhone: ParsePhone
  /** The limits across all users; `null` if the application has none. */
  readonly limits: SendLimits | null
  /** An example phone from the default country, or from the language's country, written as people may type it. */
  readonly examplePhone: (locale: string | null) => string
}
