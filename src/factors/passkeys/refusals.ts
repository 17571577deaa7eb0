/** The refusals that only passkeys give, and their HTTP statuses. */

import type { PasskeyTexts } from '../../texts/held/held-texts.js'

/** Codes of refusals about passkeys: those that every language has a text for. */
export type PasskeyRefusalCode = keyof PasskeyTexts['refusals']

declare module '../../core/refusal.js' {
  /** The passkeys' codes. */
  interface RefusalCodes extends Readonly<Record<PasskeyRefusalCode, true>> {}
}

/** Their HTTP statuses. */
export const statuses: Readonly<Record<PasskeyRefusalCode, number>> = { passkey_rejected: 403 }
