/** Renders the parts shared by several pages. */

import { fill, html, type Html } from './html.js'
import type { PageFrame } from './page.js'
import type { Wording } from './wording.js'

/** These refusals ask for a step; the person has made no mistake. */
const requests: readonly unknown[] = [
  ...['second_factor_required', 'second_factor_stale', 'second_factor_insufficient'],
]

/**
 * Returns true if something was refused: the title then says so, and the reason gets the focus instead of a field.
 *
 * @example
 * html`<input name="code" ${hasError(page) ? null : html`autofocus`} />`
 */
export function hasError({ message, code }: PageFrame): boolean {
  return message !== null && !requests.includes(code)
}

/**
 * A form to leave the unfinished login; nothing if the application has no logout path.
 *
 * @example
 * body: (page) => html`<p>…</p> ${otherAccount(page)}`
 */
export function otherAccount({ logoutPath, logoutMethod, texts }: PageFrame): Html | null {
  if (logoutPath === null) return null
  return html`<form class="aside" method="${logoutMethod.toLowerCase()}" action="${logoutPath}">
    <button class="link">${texts.otherAccount}</button>
  </form>`
}

/**
 * A form to cancel this step, and go back to the page that asked for it.
 *
 * @example
 * body: (page) => html`<form …>…</form> ${cancelForm(page)}`
 */
export function cancelForm({ mountPath, texts }: PageFrame): Html {
  return html`<form class="aside" method="post" action="${mountPath}/cancel">
    <button class="link">${texts.factors.cancel}</button>
  </form>`
}

/** A link to the challenge page in its present state; a reload would post the refused form again. */
export function toChallenge({ mountPath, texts, code }: PageFrame): Html {
  const words = code === 'locked_out' ? texts.tryAgain : texts.toChallenge
  return html`<p><a class="button" href="${mountPath}/">${words}</a></p>`
}

/** The account that is logging in. */
export function accountLine({ account, texts }: PageFrame): Html | null {
  if (account === null) return null
  return html`<p class="hint">${fill(texts.account, { account: html`<bdi>${account}</bdi>` })}</p>`
}

/** The line that leads to the application's support. */
export function supportLine({ support, texts }: PageFrame): Html | null {
  if (support === null) return null
  const { url, label } = support
  return html`<p class="help">${texts.help} ${url === null ? label : html`<a href="${url}">${label}</a>`}</p>`
}

/**
 * Says that the person has passed, and links to the page that they wanted.
 *
 * @example
 * body: (page) => (page.passed ? goOn(page, page.returnTo) : html`<form>…</form>`)
 */
export function goOn({ texts }: PageFrame, returnTo: string): Html {
  return html`
    <p>${texts.passed}</p>
    <p><a class="button" href="${returnTo}">${texts.goOn}</a></p>
  `
}

/** Links to other ways to do this step. */
export function otherWays({ links, texts }: PageFrame): Html | null {
  if (links.length === 0) return null
  return html`<nav aria-labelledby="other-ways">
    <h2 id="other-ways">${texts.factors.otherWays}</h2>
    <ul>
      ${links.map(({ href, text }) => html`<li><a href="${href}">${text}</a></li>`)}
    </ul>
  </nav>`
}

/**
 * A checkbox to trust the device, in a form that gives evidence; nothing if no device can be trusted.
 *
 * @example
 * html`<form method="post">… ${trustBox(page, wording)} <button>…</button></form>`
 */
export function trustBox({ trustDays, texts }: PageFrame, wording: Wording): Html | null {
  if (trustDays === null) return null
  const { trust, trustHint } = texts.devices
  return html`<p class="check">
    <label><input type="checkbox" name="trustDevice" /> ${wording.plural(trust, trustDays).replace('{count}', String(trustDays))}</label>
    <span class="hint">${trustHint}</span>
  </p>`
}

/** A hidden field with the page that this tab goes on to, because another tab may have been stopped elsewhere since. */
export function returnField(returnTo: string): Html {
  return html`<input type="hidden" name="returnTo" value="${returnTo}" />`
}
