/** The section of the management page on recovery codes: the number left, and a link to new ones. */

import { fill, html, type Html } from '../../../pages/html.js'
import type { PageModel } from '../../../pages/page.js'
import { kind } from '../rules/part.js'

/** The data of the section. */
export interface CodesSection {
  /** Number of unused codes. */
  readonly left: number
  /** Number of codes in the set. */
  readonly total: number
}

/** The page warns from this number down. */
const few = 3

/** The body of the section. */
export function codesSection(section: CodesSection, { texts, mountPath }: PageModel): Html {
  const { recoveryCodes } = texts
  return html`
    <p>${fill(recoveryCodes.left, { ...section })}</p>
    ${section.left <= few ? html`<p class="alert">${recoveryCodes.runningOut}</p>` : null}
    <p><a class="button quiet" href="${mountPath}/factors/${kind}">${recoveryCodes.renew}</a></p>
  `
}
