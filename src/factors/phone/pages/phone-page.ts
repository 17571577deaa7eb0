/** The page that asks for a first phone, or a new one. */

import { maxTypedLength } from '../../../core/fields.js'
import type { RefusalCode } from '../../../core/refusal.js'
import { cancelForm, hasError, otherAccount, toChallenge } from '../../../pages/frame.js'
import { fill, html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import type { Wording } from '../../../pages/wording.js'
import { lacksCountryCode } from '../phone-number.js'
import { lastDigits } from './last-digits.js'
import type { PhonePage } from './models.js'
import { isWait, noneSent, optIn } from './what-happened.js'

/** The refusals that are about the phone field; no other marks it as wrong. */
const phoneRefusals: readonly RefusalCode[] = [
  'malformed_request',
  'destination_invalid',
  'destination_blocked',
]

/** The page of this model. */
export function phonePage(model: PhonePage): PageBody<PhonePage> {
  return {
    model,
    action: '/phone',
    heading: ({ texts }) => texts.phone.headings.phone,
    message,
    body,
  }
}

/** A more exact message than the usual sentence, if there is one. */
function message(page: PageModel<PhonePage>, wording: Wording): string | undefined {
  const { code, typed, example, isCodeAwaited, texts } = page
  if (isWait(page) && !isCodeAwaited) return noneSent(page, wording)
  if (code === 'destination_invalid' && lacksCountryCode(typed)) {
    // Isolated, so that it reads left to right in Arabic too.
    return texts.phone.countryCode.replace('{example}', `\u2066${example}\u2069`)
  }
  return code === 'malformed_request' ? texts.phone.enterPhone : undefined
}

function body(page: PageModel<PhonePage>): Html {
  const { texts, phone, notifiesPhone, typed, example, code, message } = page
  const isWrong = code !== null && phoneRefusals.includes(code)
  const described = message === null ? 'example' : 'alert example'
  return html`
    <p>
      ${phone === null ? texts.phone.use : fill(texts.phone.present, { number: lastDigits(phone) })}
      ${notifiesPhone ? texts.phone.replacedNotice : null}
    </p>
    ${code === 'destination_blocked' ? optIn(page) : null}
    <form method="post" action="${page.action}">
      <label for="phone">${texts.phone.label}</label>
      <input
        id="phone"
        name="phone"
        type="tel"
        dir="ltr"
        value="${typed}"
        autocomplete="tel"
        maxlength="${maxTypedLength}"
        aria-describedby="${described}"
        ${isWrong ? html`aria-invalid="true"` : null}
        required
        data-entry
        ${hasError(page) ? null : html`autofocus`}
      />
      <p class="hint" id="example">
        ${fill(texts.phone.example, { example: html`<bdi dir="ltr">${example}</bdi>` })}
      </p>
      <button>${texts.phone.sendToPhone}</button>
    </form>
    ${page.offersOtherFactors ? html`<p class="hint">${texts.phone.smsIsWeak}</p>` : null}
    ${page.isCodeAwaited ? toChallenge(page) : null} ${cancelForm(page)} ${otherAccount(page)}
  `
}
