/** The end of a phone, as sentences name it. */

import { html, type Html } from '../../../pages/html.js'

/** What a masked phone shows of it: `67` of `••••67`. */
export function lastDigits(masked: string): Html {
  return html`<bdi dir="ltr">${masked.replace(/^\D+/, '')}</bdi>`
}
