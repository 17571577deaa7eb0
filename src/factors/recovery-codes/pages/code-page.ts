/** The page that asks for a recovery code. */

import { maxTypedLength } from '../../../core/fields.js'
import { cancelForm, goOn, hasError, otherAccount, returnField } from '../../../pages/frame.js'
import { html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import { method } from '../rules/part.js'
import type { RecoveryPage } from './models.js'

type Model = PageModel<RecoveryPage>

/** Makes the page. */
export function recoveryPage(model: RecoveryPage): PageBody<RecoveryPage> {
  return {
    model,
    action: model.usable && !model.passed ? '/verify' : null,
    heading: ({ passed, texts }) =>
      passed ? texts.headings.passed : texts.recoveryCodes.headings.challenge,
    message: ({ code, texts }) =>
      code === 'malformed_request' ? texts.recoveryCodes.codeFormat : undefined,
    body,
  }
}

function body(page: Model): Html {
  const { passed, usable, returnTo } = page
  // A session that has passed has nothing to cancel. The form stays during a lock, because a right code ends the lock.
  return html`
    ${passed ? goOn(page, returnTo) : null} ${usable && !passed ? codeForm(page) : null}
    ${passed ? null : cancelForm(page)} ${otherAccount(page)}
  `
}

/** Refusals that mark the field as invalid. */
const codeRefusals: readonly unknown[] = ['code_incorrect', 'code_used', 'malformed_request']

function codeForm(page: Model): Html {
  const { texts, action, code, message } = page
  const { recoveryCodes } = texts
  return html`
    <p id="hint">${recoveryCodes.enterCode}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="method" value="${method}" />
      <label for="recovery-code">${recoveryCodes.label}</label>
      <input
        id="recovery-code"
        name="code"
        type="text"
        class="key"
        dir="ltr"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        title="${recoveryCodes.codeFormat}"
        maxlength="${maxTypedLength}"
        aria-describedby="${message === null ? 'hint' : 'alert hint'}"
        ${codeRefusals.includes(code) ? html`aria-invalid="true"` : null}
        required
        data-entry
        ${hasError(page) ? null : html`autofocus`}
      />
      ${returnField(page.returnTo)}
      <button>${texts.confirm}</button>
    </form>
  `
}
