/** The recovery codes on the page where people manage their factors: how many are left, and a way to new ones. */

import { fill, html, type Html } from '../../../pages/html.js'
import type { PageModel } from '../../../pages/page.js'
import { kind } from '../rules/part.js'

/** What the page shows of a set. */
export interface CodesSection {
  /** Codes that are left. */
  readonly left: number
  /** Codes that the set was made with. */
  readonly total: number
}

/** From here on people are warned. */
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
