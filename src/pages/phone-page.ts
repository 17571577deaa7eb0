/** The body of the page that asks for a number: a first one, or another in its place. */

import type { RefusalCode } from '../core/refusal.js'
import { otherAccount } from './challenge-page.js'
import { fill, html, type Html } from './html.js'
import type { PageModel, PhonePage } from './page.js'

/** What is refused for the number itself; everything else is no fault of the field. */
const numberRefusals: readonly RefusalCode[] = [
  'malformed_request',
  'destination_invalid',
  'destination_blocked',
]

export function phoneBody(page: PageModel<PhonePage>): Html {
  const { texts, number, tellsNumber, typed, example, code, message } = page
  const described = message === undefined ? 'example' : 'alert example'
  const isWrong = code !== undefined && numberRefusals.includes(code)
  return html`
    <p>
      ${
        number === null
          ? texts.phoneUse
          : fill(texts.phoneNow, { number: html`<bdi dir="ltr">${number}</bdi>` })
      }
      ${tellsNumber ? texts.phoneTold : null}
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
        aria-describedby="${described}"
        ${isWrong ? html`aria-invalid="true"` : null}
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
