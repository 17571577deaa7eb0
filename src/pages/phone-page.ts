/** The body of the page that asks for a number: a first one, or another in its place. */

import { otherAccount } from './challenge-page.js'
import { fill, html, type Html } from './html.js'
import type { PageModel, PhonePage } from './page.js'

export function phoneBody(page: PageModel<PhonePage>): Html {
  const { texts, number, typed, example, message } = page
  const refused = message !== undefined
  return html`
    <p>
      ${
        number === null
          ? texts.phoneUse
          : fill(texts.phoneNow, { number: html`<bdi dir="ltr">${number}</bdi>` })
      }
    </p>
    <form method="post" action="${page.mountPath}/phone">
      <label for="phone">${texts.phone}</label>
      <input
        id="phone"
        name="phone"
        type="tel"
        dir="ltr"
        value="${typed}"
        autocomplete="tel"
        maxlength="32"
        aria-describedby="${refused ? 'alert example' : 'example'}"
        ${refused ? html`aria-invalid="true"` : null}
        required
        autofocus
      />
      <p class="hint" id="example">
        ${fill(texts.phoneExample, { example: html`<bdi dir="ltr">${example}</bdi>` })}
      </p>
      <button>${texts.phoneSend}</button>
    </form>
    <p class="hint">${texts.smsIsWeak}</p>
    ${otherAccount(page)}
  `
}
