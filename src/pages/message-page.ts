/** The body of a page that says one sentence. */

import { html, type Html } from './html.js'
import type { MessagePage, PageModel } from './page.js'

export function messageBody({ code, loginPath, mountPath, texts }: PageModel<MessagePage>): Html {
  return code === 'login_required' && loginPath !== null
    ? html`<p><a class="button" href="${loginPath}">${texts.logIn}</a></p>`
    : html`<p><a class="button" href="${mountPath}/">${texts.toChallenge}</a></p>`
}
