/** The field for a code of an app. */

import { maxTypedLength } from '../../../core/fields.js'
import { html, type Html } from '../../../pages/html.js'
import type { PageFrame } from '../../../pages/page.js'
import { codeLength } from '../rules/codes.js'

/** The refusals of the code itself. */
const codeRefusals: readonly unknown[] = ['code_incorrect', 'code_used', 'malformed_request']

/** The field with its label. `hint` is the id of the text that explains it; `focus` is whether the cursor begins in it. */
export function codeField(page: PageFrame, hint: string, focus: boolean): Html {
  const { texts, code, message } = page
  const described = message === undefined ? hint : `alert ${hint}`
  return html`
    <label for="code">${texts.code}</label>
    <input
      id="code"
      name="code"
      type="text"
      dir="ltr"
      inputmode="numeric"
      autocomplete="one-time-code"
      pattern="\\P{Nd}*(\\p{Nd}\\P{Nd}*){${codeLength},}"
      title="${texts.totp.codeFormat.replace('{digits}', String(codeLength))}"
      maxlength="${maxTypedLength}"
      data-digits="${codeLength}"
      aria-describedby="${described}"
      ${codeRefusals.includes(code) ? html`aria-invalid="true"` : null}
      required
      ${focus ? html`autofocus` : null}
    />
  `
}

/** The sentence for what is no code at all; `undefined` where the usual one fits. */
export function codeMessage({ texts, code }: PageFrame): string | undefined {
  if (code !== 'malformed_request') return undefined
  return texts.totp.enterCode.replace('{digits}', String(codeLength))
}
