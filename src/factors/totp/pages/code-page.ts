/** The page that asks for an app's code. */

import {
  cancelForm,
  goOn,
  hasError,
  otherAccount,
  returnField,
  toChallenge,
  trustBox,
} from '../../../pages/frame.js'
import { fill, html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import type { Wording } from '../../../pages/wording.js'
import { codeLength } from '../rules/codes.js'
import { method } from '../rules/part.js'
import { appCodeField, codeMessage } from './code-field.js'
import type { TotpPage } from './models.js'

type Model = PageModel<TotpPage>

/** Makes the page. */
export function totpPage(model: TotpPage): PageBody<TotpPage> {
  return {
    model,
    action: model.usable && !model.passed ? '/verify' : null,
    heading: ({ passed, texts }) =>
      passed ? texts.headings.passed : texts.totp.headings.challenge,
    message: codeMessage,
    body,
  }
}

function body(page: Model, wording: Wording): Html {
  const { passed, code, retryAt, returnTo } = page
  const onward = passed ? goOn(page, returnTo) : null
  if (code === 'locked_out') {
    // Another code would be refused. Unless the lock is permanent, offer a way back for when it ends.
    return html`${onward} ${retryAt === null ? null : toChallenge(page)} ${waysOut(page)}`
  }
  return html`${onward} ${page.usable && !passed ? codeForm(page, wording) : null} ${waysOut(page)}`
}

/** A session that has passed has nothing to cancel. */
function waysOut(page: Model): Html {
  return html`${page.passed ? null : cancelForm(page)} ${otherAccount(page)}`
}

function codeForm(page: Model, wording: Wording): Html {
  const { texts, code, action, submitOnLastDigit } = page
  return html`
    <p id="hint">${fill(texts.totp.enterCode, { digits: codeLength })}</p>
    <form
      method="post"
      action="${action}"
      data-code
      ${submitOnLastDigit ? html`data-submit-on-last-digit` : null}
    >
      <input type="hidden" name="method" value="${method}" />
      ${appCodeField(page, 'hint', !hasError(page))} ${trustBox(page, wording)}
      ${returnField(page.returnTo)}
      <button>${texts.confirm}</button>
    </form>
    ${code === 'code_used' ? html`<p class="hint">${texts.totp.waitForNext}</p>` : null}
    ${code === 'code_incorrect' ? html`<p class="hint">${texts.totp.checkClock}</p>` : null}
  `
}
