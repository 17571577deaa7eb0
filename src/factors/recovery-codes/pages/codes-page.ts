/** The page that shows new recovery codes and asks the user to confirm that they saved them. */

import { html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import { kind } from '../rules/part.js'
import type { RecoveryCodesPage } from './models.js'

type Model = PageModel<RecoveryCodesPage>

/** Makes the page. */
export function codesPage(model: RecoveryCodesPage): PageBody<RecoveryCodesPage> {
  return {
    model,
    action: `/factors/${kind}/confirm`,
    heading: ({ texts }) => texts.recoveryCodes.headings.setUp,
    body,
  }
}

function body(page: Model): Html {
  const { texts, codes, replacesOthers, returnTo } = page
  const { recoveryCodes } = texts
  return html`
    <p>${recoveryCodes.purpose}</p>
    ${replacesOthers ? html`<p>${recoveryCodes.replaces}</p>` : null}
    <ul class="codes" id="codes" dir="ltr">
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ul>
    ${waysToSave(page)} ${confirmForm(page)}
    <p><a href="${returnTo}">${texts.factors.notNow}</a></p>
  `
}

/** A script shows the first two buttons. The download works without scripts. */
function waysToSave({ texts, mountPath, token }: Model): Html {
  const { copy, copied, print, download } = texts.recoveryCodes
  return html`<div class="beside">
    <button type="button" class="quiet" data-copy="codes" data-done="${copied}" hidden>
      ${copy}
    </button>
    <button type="button" class="quiet" data-print hidden>${print}</button>
    <form method="post" action="${mountPath}/factors/${kind}/file" data-download>
      <input type="hidden" name="setup" value="${token}" />
      <button class="quiet">${download}</button>
    </form>
  </div>`
}

function confirmForm({ texts, action, token }: Model): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="setup" value="${token}" />
    <label class="check">
      <input type="checkbox" name="saved" required />
      ${texts.recoveryCodes.saved}
    </label>
    <button>${texts.confirm}</button>
  </form>`
}
