/** The form of a ceremony: its script fills the hidden field once the browser has prompted. */

import { html, type Html } from '../../../pages/html.js'
import type { PageFrame } from '../../../pages/page.js'
import type { CreationOptions, RequestOptions } from '../ceremony-options.js'
import { challengeSeconds } from '../rules/challenge.js'

/** What one ceremony's form has. */
export interface CeremonyForm {
  readonly ceremony: 'get' | 'create'
  readonly options: RequestOptions | CreationOptions
  /** Where it is sent. */
  readonly action: string | null
  /** The page with a new challenge, where this one has ended. */
  readonly again: string
  /** Fields beside the browser's answer. */
  readonly fields: Html
  readonly button: string
}

/** Writes it. Until the script has shown it, the page says what is missing. */
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
