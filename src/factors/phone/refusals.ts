/** The phone's own refusals, and their HTTP statuses. */

import type { PhoneTexts } from '../../texts/texts.js'

/** Refusal codes about phones and messages. Every language has a text for each. */
export type PhoneRefusalCode = keyof PhoneTexts['refusals']

declare module '../../core/refusal.js' {
  /** The phone's codes. */
  interface RefusalCodes extends Readonly<Record<PhoneRefusalCode, true>> {}
}

/** The HTTP statuses of the phone's refusals. */
export const statuses: Readonly<Record<PhoneRefusalCode, number>> = {
  unknown_number: 404,
  destination_missing: 422,
  destination_invalid: 422,
  destination_blocked: 422,
  cooldown: 429,
  send_limit: 429,
  delivery_failed: 502,
  service_misconfigured: 502,
  delivery_unavailable: 503,
}
