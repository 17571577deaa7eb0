/** Parts that stand on more than one page. */

import { html, type Html } from './html.js'
import type { PageFrame } from './page.js'

/**
 * Leaves the half-finished login, where the application has a path for that.
 *
 * @example
 * body: (page) => html`<p>…</p> ${otherAccount(page)}`
 */
export function otherAccount({ logoutPath, texts }: PageFrame): Html | null {
  if (logoutPath === null) return null
  return html`<form class="aside" method="post" action="${logoutPath}">
    <button class="link">${texts.otherAccount}</button>
  </form>`
}

/** Leads to the page as it is by then; a reload would send the refused form once more. */
export function toChallenge({ mountPath, texts }: PageFrame): Html {
  return html`<p><a class="button" href="${mountPath}/">${texts.toChallenge}</a></p>`
}
