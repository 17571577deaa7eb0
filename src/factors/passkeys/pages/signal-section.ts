/** A hidden section of the management page that lists the valid passkeys to the browser's password manager. */

import { html } from '../../../pages/html.js'
import type { FactorSection } from '../../../ports/factor-page.js'
import type { PasskeysContext } from '../context.js'
import { partOf } from '../rules/part.js'
import { script } from '../script.js'

/** The argument of `PublicKeyCredential.signalAllAcceptedCredentials`. */
interface AcceptedCredentials {
  readonly rpId: string
  readonly userId: string
  readonly allAcceptedCredentialIds: readonly string[]
}

/**
 * Makes the section. It is always on the page, so every device that opens the page learns of removed passkeys, but only
 * for a session that has passed.
 */
export function signalSection({ rpId }: PasskeysContext): FactorSection<unknown> {
  return {
    isBelowList: true,
    scripts: [script],
    model({ row, grant }) {
      const part = partOf(row)
      if (part === null || grant === null) return Promise.resolve(null)
      const allAcceptedCredentialIds = part.keys.map(({ credentialId }) => credentialId)
      const accepted: AcceptedCredentials = { rpId, userId: part.handle, allAcceptedCredentialIds }
      return Promise.resolve(accepted)
    },
    body: (accepted) => html`<div data-signal="${JSON.stringify(accepted)}" hidden></div>`,
  }
}
