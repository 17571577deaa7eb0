/** The page that says one sentence. */

import { toChallenge } from './frame.js'
import { html } from './html.js'
import type { MessagePage, PageBody } from './page.js'

/** Says why something was refused, and leads on. */
export const messagePage: PageBody<MessagePage> = {
  model: { name: 'message' },
  heading: ({ texts }) => texts.headings.message,
  body(page) {
    const { code, loginPath, texts } = page
    return code === 'login_required' && loginPath !== null
      ? html`<p><a class="button" href="${loginPath}">${texts.logIn}</a></p>`
      : toChallenge(page)
  },
}
