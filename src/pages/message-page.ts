/** The page with one sentence. */

import { toChallenge } from './frame.js'
import { html } from './html.js'
import type { MessagePage, PageBody } from './page.js'

/** Shows why something was refused, with a link to go on. */
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
