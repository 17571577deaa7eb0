/** `POST {mount}/cancel`: abandons the challenge, and leads back to the page that asked for it. */

import { giveUpChallenge } from '../flows/grants.js'
import type { AuthState } from './auth-state.js'
import type { HttpContext } from './context.js'
import { logOut } from './lead-to-login.js'
import type { LoggedInWork } from './logged-in.js'
import { wantsPage } from './negotiate.js'
import { saveRecord } from './session-record.js'
import { isWaived } from './waived.js'

/**
 * Ends the running challenge, whatever its purpose. A login that still waits for its second factor is logged out,
 * because every page behind the gate would only ask again.
 */
export function cancel(context: HttpContext): LoggedInWork {
  return async (req, res, state) => {
    const { subject, record } = state
    await giveUpChallenge(context.flow, subject, record.key)
    if (!wantsPage(req)) {
      res.status(204).end()
      return null
    }
    const mayGoOn = state.grant !== null || (await isWaived(context, req, false)) === true
    if (!mayGoOn) {
      await logOut(req)
      res.redirect(303, context.loginPath ?? record.cancelTo ?? `${context.basePath}/`)
      return null
    }
    await forgetWay(req, state)
    res.redirect(303, record.cancelTo ?? context.defaultReturnTo)
    return null
  }
}

/** Forgets the page to return to, except for a stopped form, which keeps its fields for its own page. */
async function forgetWay(
  req: Parameters<LoggedInWork>[0],
  { subject, record }: AuthState,
): Promise<void> {
  const { returnTo, cancelTo } = record
  const isForm = returnTo !== undefined && returnTo === cancelTo
  await saveRecord(req, {
    ...record,
    ...{ subject, maxAgeSeconds: undefined, methods: undefined },
    ...{ cancelTo: undefined, refusal: undefined },
    ...(isForm ? {} : { returnTo: undefined, keptFields: undefined }),
  })
}
