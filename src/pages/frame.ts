/** Parts that stand on more than one page. */

import { fill, html, type Html } from './html.js'
import type { PageFrame } from './page.js'
import type { Wording } from './wording.js'

/** These ask for a step, and blame nothing that the person has done. */
const requests: readonly unknown[] = [
  ...['second_factor_required', 'second_factor_stale', 'second_factor_insufficient'],
]

/**
 * Whether something was refused: then the title says so, and the cursor is on the reason rather than in a field.
 *
 * @example
 * html`<input name="code" ${hasError(page) ? null : html`autofocus`} />`
 */
export function hasError({ message, code }: PageFrame): boolean {
  return message !== null && !requests.includes(code)
}

/**
 * Leaves the half-finished login, where the application has a path for that.
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
 * Gives up what the page asks for, and leads back to where that was needed.
 *
 * @example
 * body: (page) => html`<form …>…</form> ${cancelForm(page)}`
 */
export function cancelForm({ mountPath, texts }: PageFrame): Html {
  return html`<form class="aside" method="post" action="${mountPath}/cancel">
    <button class="link">${texts.factors.cancel}</button>
  </form>`
}

/** Leads to the page as it is by then; a reload would send the refused form once more. */
export function toChallenge({ mountPath, texts, code }: PageFrame): Html {
  const words = code === 'locked_out' ? texts.tryAgain : texts.toChallenge
  return html`<p><a class="button" href="${mountPath}/">${words}</a></p>`
}

/** Whose login it is. */
export function accountLine({ account, texts }: PageFrame): Html | null {
  if (account === null) return null
  return html`<p class="hint">${fill(texts.account, { account: html`<bdi>${account}</bdi>` })}</p>`
}

/** The way to the application's support. */
export function supportLine({ support, texts }: PageFrame): Html | null {
  if (support === null) return null
  const { url, label } = support
  return html`<p class="help">${texts.help} ${url === null ? label : html`<a href="${url}">${label}</a>`}</p>`
}

/**
 * Tells whoever has passed that they have, and leads to the page that they came for.
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

/** Links to other ways to do what the page asks for. */
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
 * Asks whether the device is to be trusted, in a form that gives evidence; nothing where no device can be.
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

/** The page that this tab goes on to, as a field of its form: another tab may have been stopped elsewhere since. */
export function returnField(returnTo: string): Html {
  return html`<input type="hidden" name="returnTo" value="${returnTo}" />`
}
