/** The form of a ceremony. Its script fills the hidden field after the browser's prompt. */

import { html, type Html } from '../../../pages/html.js'
import type { PageFrame } from '../../../pages/page.js'
import type { CreationOptions, RequestOptions } from '../ceremony-options.js'
import { challengeSeconds } from '../rules/challenge.js'

/** The form of one ceremony. */
export interface CeremonyForm {
  readonly ceremony: 'get' | 'create'
  readonly options: RequestOptions | CreationOptions
  /** The URL to submit it to. */
  readonly action: string | null
  /** The page with a new challenge, for when this one has expired. */
  readonly again: string
  /** Fields besides the credential. */
  readonly fields: Html
  readonly button: string
}

/** Renders the form, hidden. The page shows a message for unsupported browsers until the script shows the form. */
export function ceremonyForm({ texts }: PageFrame, form: CeremonyForm): Html {
  const { passkey } = texts
  const { ceremony, options, action, again, fields, button } = form
  return html`
    <p data-passkey-unsupported>${passkey.unsupported}</p>
    <p class="alert" role="alert" data-passkey-says hidden></p>
    <form
      method="post"
      action="${action}"
      data-passkey="${ceremony}"
      data-options="${JSON.stringify(options)}"
      data-seconds="${challengeSeconds}"
      data-again="${again}"
      data-cancelled="${passkey.cancelled}"
      data-already="${passkey.already}"
      data-failed="${passkey.failed}"
      hidden
    >
      <input type="hidden" name="credential" />
      ${fields}
      <button>${button}</button>
    </form>
  `
}
