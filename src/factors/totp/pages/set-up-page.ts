/** The page that sets up an app: a QR code, the same as a link and as text, and a field for the first code. */

import { fill, html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import { qrSvg } from '../qr.js'
import { codeLength } from '../rules/codes.js'
import { kind } from '../rules/part.js'
import { groupedSecret } from '../rules/secret.js'
import { appCodeField, codeMessage } from './code-field.js'
import type { TotpSetUpPage } from './models.js'

type Model = PageModel<TotpSetUpPage>

/** Makes the page. No field has the focus, because a browser would scroll past the QR code. */
export function totpSetUpPage(model: TotpSetUpPage): PageBody<TotpSetUpPage> {
  return {
    model,
    action: `/factors/${kind}/confirm`,
    heading: ({ texts }) => texts.totp.headings.setUp,
    message: codeMessage,
    body,
  }
}

function body(page: Model): Html {
  const { texts, uri, qr, account, action, mountPath, token, submitOnLastDigit } = page
  const { totp } = texts
  return html`
    <p>${totp.scan}</p>
    ${qrSvg(qr, totp.qrLabel)}
    <p class="hint">${fill(totp.listedAs, { account: html`<bdi>${account}</bdi>` })}</p>
    <p><a class="button quiet" href="${uri}">${totp.openApp}</a></p>
    ${byHand(page)}
    <p id="hint">${fill(totp.firstCode, { digits: codeLength })}</p>
    <form
      method="post"
      action="${action}"
      data-code
      ${submitOnLastDigit ? html`data-submit-on-last-digit` : null}
    >
      <input type="hidden" name="setup" value="${token}" />
      ${appCodeField(page, 'hint', false)}
      <button>${texts.confirm}</button>
    </form>
    <p><a href="${mountPath}/factors">${texts.factors.cancel}</a></p>
  `
}

/** For users without a camera. */
function byHand({ texts, secret }: Model): Html {
  const { totp } = texts
  return html`<details>
    <summary>${totp.cannotScan}</summary>
    <p>${totp.typeKey}</p>
    <p><code dir="ltr" class="key">${groupedSecret(secret)}</code></p>
  </details>`
}
