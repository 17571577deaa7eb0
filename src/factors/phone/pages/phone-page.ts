/** The page that asks for a phone: a first one, or another in its place. */

import { maxTypedLength } from '../../../core/fields.js'
import type { RefusalCode } from '../../../core/refusal.js'
import { otherAccount } from '../../../pages/frame.js'
import { fill, html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import { lacksCountryCode } from '../phone-number.js'
import type { PhonePage } from './models.js'

/** The refusals of the phone itself; every other is no fault of the field. */
const phoneRefusals: readonly RefusalCode[] = [
  'malformed_request',
  'destination_invalid',
  'destination_blocked',
]

/** The page of this model. */
export function phonePage(model: PhonePage): PageBody<PhonePage> {
  return { model, heading: ({ texts }) => texts.phone.headings.phone, body }
}

function body(page: PageModel<PhonePage>): Html {
  const { texts, phone, notifiesPhone, typed, example, code, message } = page
  const isWrong = code !== undefined && phoneRefusals.includes(code)
  const lacksCode = code === 'destination_invalid' && lacksCountryCode(typed)
  const described = [
    ...(message === undefined ? [] : ['alert']),
    ...(lacksCode ? ['country-code'] : []),
    'example',
  ].join(' ')
  return html`
    <p>
      ${
        phone === null
          ? texts.phone.use
          : fill(texts.phone.present, { number: html`<bdi dir="ltr">${phone}</bdi>` })
      }
      ${notifiesPhone ? texts.phone.replacedNotice : null}
    </p>
    ${lacksCode ? countryCode(page) : null}
    <form method="post" action="${page.mountPath}/phone">
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
        autofocus
      />
      <p class="hint" id="example">
        ${fill(texts.phone.example, { example: html`<bdi dir="ltr">${example}</bdi>` })}
      </p>
      <button>${texts.phone.sendToPhone}</button>
    </form>
    <p class="hint">${texts.phone.smsIsWeak}</p>
    ${otherAccount(page)}
  `
}

function countryCode({ texts, example }: PageModel<PhonePage>): Html {
  return html`<p class="alert" id="country-code">
    ${fill(texts.phone.countryCode, { example: html`<bdi dir="ltr">${example}</bdi>` })}
  </p>`
}
