/** The refusals of passkeys and their HTTP statuses. */

import type { PasskeyTexts } from '../../texts/held/held-texts.js'

/** The refusal codes of passkeys. Every language has a text for each. */
export type PasskeyRefusalCode = keyof PasskeyTexts['refusals']

declare module '../../core/refusal.js' {
  /** The passkeys' codes. */
  interface RefusalCodes extends Readonly<Record<PasskeyRefusalCode, true>> {}
}

/** Their HTTP statuses. */
export const statuses: Readonly<Record<PasskeyRefusalCode, number>> = { passkey_rejected: 403 }
