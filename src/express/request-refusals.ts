/** The refusals of requests that no rule of the second factor has seen yet. */

import type { RequestRefusalCode } from '../texts/texts.js'

declare module '../core/refusal.js' {
  interface RefusalCodes extends Readonly<Record<RequestRefusalCode, true>> {}
}

/** Their HTTP statuses. */
export const requestStatuses: Readonly<Record<RequestRefusalCode, number>> = {
  cross_site_request: 403,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
}
