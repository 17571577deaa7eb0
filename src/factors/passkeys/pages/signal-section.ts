/** The passkeys that are left, on the page where people manage their factors: for the password manager, not for people. */

import { html } from '../../../pages/html.js'
import type { FactorSection } from '../../../ports/factor-page.js'
import type { PasskeysContext } from '../context.js'
import { partOf } from '../rules/part.js'
import { script } from '../script.js'

/** What `PublicKeyCredential.signalAllAcceptedCredentials` takes. */
interface AcceptedCredentials {
  readonly rpId: string
  readonly userId: string
  readonly allAcceptedCredentialIds: readonly string[]
}

/**
 * The section. It stands there whatever was removed where, so that every device that shows the page hides what is gone;
 * and after a second factor alone.
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
