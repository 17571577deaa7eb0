/** The page that adds a passkey: an explanation, a field for its name, and the button that creates it. */

import { html, type Html } from '../../../pages/html.js'
import type { PageBody, PageModel } from '../../../pages/page.js'
import { kind } from '../rules/part.js'
import { script } from '../script.js'
import { ceremonyForm } from './ceremony-form.js'
import type { PasskeySetUpPage } from './models.js'

type Model = PageModel<PasskeySetUpPage>

/** Makes the page. */
export function passkeySetUpPage(model: PasskeySetUpPage): PageBody<PasskeySetUpPage> {
  return {
    model,
    action: `/factors/${kind}/confirm`,
    heading: ({ texts }) => texts.passkey.headings.setUp,
    body,
    scripts: [script],
  }
}

function body(page: Model): Html {
  const { texts, options, action, mountPath, returnTo } = page
  const again = `${mountPath}/factors/${kind}`
  return html`
    <p>${texts.passkey.purpose}</p>
    ${ceremonyForm(page, {
      ...{ ceremony: 'create', options, action, again },
      fields: nameAndToken(page),
      button: texts.passkey.create,
    })}
    <p><a href="${returnTo}">${texts.factors.cancel}</a></p>
  `
}

function nameAndToken({ texts, number, token }: Model): Html {
  const { name } = texts.passkey
  return html`
    <input type="hidden" name="setup" value="${token}" />
    <label for="name">${texts.factors.itemName}</label>
    <input
      id="name"
      name="name"
      value="${number === 1 ? name : `${name} ${number}`}"
      maxlength="50"
      autocomplete="off"
    />
  `
}
