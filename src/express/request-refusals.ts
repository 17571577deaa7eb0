/** HTTP statuses of requests that are refused before their evidence is judged. */

import type { RequestRefusalCode } from '../texts/texts.js'

/** The HTTP status of each code. */
export const requestStatuses: Readonly<Record<RequestRefusalCode, number>> = {
  cross_site_request: 403,
  method_not_allowed: 405,
  body_too_large: 413,
  unsupported_media_type: 415,
}
