/** Handlers for people whose password was accepted: what they refuse is answered in one place. */

import type { Request, RequestHandler, Response } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import type { RefusedForm } from '../ports/factor-route.js'
import { pathOf } from './address.js'
import { challengeUrl, type HttpContext } from './context.js'
import { leadToLogin } from './lead-to-login.js'
import { isFragment, isNavigation, wantsPage } from './negotiate.js'
import { requireSession, userOf } from './request-state.js'
import { leadToPage } from './refused-form.js'
import { handler, sendFragmentRefusal, sendRefusal } from './respond.js'
import { recordOf } from './session-record.js'
import { requestedPage } from './return-to.js'
import { checkRequest, warnOfCookie } from './set-up.js'
import { authStateOf, type AuthState } from './auth-state.js'
import { pageOfSession } from './page-of-session.js'

/** Answers the request itself and returns `null`, or leaves the answer to a refusal. */
export type LoggedInWork = (
  req: Request,
  res: Response,
  state: AuthState,
) => Promise<Refusal | null>

/** The page that a refused form leads to; `null` for the one that shows how the session stands. */
export type FormOfRefusal = (req: Request, refusal: Refusal) => RefusedForm | null

/** A handler that only a logged-in person reaches. */
export function loggedIn(
  context: HttpContext,
  work: LoggedInWork,
  formOf?: FormOfRefusal,
): RequestHandler {
  return handler(context, async (req, res) => {
    requireSession(req)
    checkRequest(context, req)
    const state = await authStateOf(context, req)
    if (isRefusal(state)) {
      warnOfCookie(context, req)
      await sendLoginRefusal(context, req, res, state, ownPage(context, req))
      return
    }
    const refusal = await work(req, res, state)
    if (refusal !== null) await refuse(context, req, res, state, refusal, formOf)
  })
}

/** The page of a factor that a person was on, such as one of the settings; the one for the code is on the way to another. */
function ownPage(context: HttpContext, req: Request): string | null {
  const page = requestedPage(context, req)
  const isOwn = page?.startsWith(`${context.mountPath}/`) === true
  return isOwn && pathOf(page) !== challengeUrl(context) ? page : null
}

/** Redirects a browser that is not logged in to the login page, if there is one; refuses everything else. */
export async function sendLoginRefusal(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
  returnTo: string | null = null,
): Promise<void> {
  // The form of a login that timed out leads there too, where a notice says why.
  const isTimedOut = userOf(req) !== null && wantsPage(req) && !isFragment(req)
  if ((isNavigation(req) || isTimedOut) && context.loginPath !== null) {
    await leadToLogin(req, res, context.loginPath, returnTo)
  } else if (isFragment(req)) {
    sendFragmentRefusal(context, req, res, refusal, context.loginPath)
  } else {
    await sendRefusal(context, req, res, refusal)
  }
}

/**
 * Answers a refusal: a browser's form leads to its page, which tells the reason. Where it cannot, the page is the answer
 * itself.
 */
export async function refuse(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  refusal: Refusal,
  formOf?: FormOfRefusal,
): Promise<void> {
  if (!wantsPage(req)) {
    await sendRefusal(context, req, res, refusal)
    return
  }
  const form = formOf?.(req, refusal) ?? undefined
  if (await leadToPage(context, req, res, state, refusal, form)) return
  const now: AuthState = { ...state, record: recordOf(req, state.subject) }
  await sendRefusal(context, req, res, refusal, (await pageOfSession(context, req, now)).page)
}
