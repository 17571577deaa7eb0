/** The page that asks for a passkey. */

import { cancelForm, goOn, otherAccount, returnField, trustBox } from '../../../pages/frame.js'
import { html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import type { Wording } from '../../../pages/wording.js'
import { method } from '../rules/part.js'
import { script } from '../script.js'
import { ceremonyForm } from './ceremony-form.js'
import type { PasskeyPage } from './models.js'

type Model = PageModel<PasskeyPage>

/** Makes the page. */
export function passkeyPage(model: PasskeyPage): PageBody<PasskeyPage> {
  return {
    model,
    action: model.options === null ? null : '/verify',
    heading: ({ passed, texts }) =>
      passed ? texts.headings.passed : texts.passkey.headings.challenge,
    body,
    scripts: [script],
  }
}

function body(page: Model, wording: Wording): Html {
  const { passed, options, returnTo, texts, action, mountPath } = page
  // The form stays during a lock, because a passkey ends the lock.
  const form =
    options === null
      ? null
      : html`<p>${texts.passkey.explain}</p>
          ${ceremonyForm(page, {
            ...{ ceremony: 'get', options, action },
            again: `${mountPath}/use/${method}`,
            fields: html`<input type="hidden" name="method" value="${method}" />
              ${returnField(returnTo)} ${trustBox(page, wording)}`,
            button: texts.passkey.continue,
          })}`
  return html`${passed ? goOn(page, returnTo) : null} ${form}
    ${passed ? null : cancelForm(page)} ${otherAccount(page)}`
}
