/** The last digits of a phone, for use in sentences. */

import { html, type Html } from '../../../pages/html.js'

/** The visible digits of a masked phone: `67` of `••••67`. */
export function lastDigits(masked: string): Html {
  return html`<bdi dir="ltr">${masked.replace(/^\D+/, '')}</bdi>`
}
