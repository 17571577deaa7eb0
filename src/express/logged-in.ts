/** Handlers for logged-in people; refusals are answered here, in one place. */

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

/** Sends the response and returns `null`, or returns a refusal to be answered here. */
export type LoggedInWork = (
  req: Request,
  res: Response,
  state: AuthState,
) => Promise<Refusal | null>

/** Picks the page that a refused form leads to; `null` for the status page. */
export type FormOfRefusal = (req: Request, refusal: Refusal) => RefusedForm | null

/** Makes a handler that only runs for logged-in people. */
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

/**
 * The page of ours that the person was on, such as the list of factors; `null` for the challenge page, which only leads
 * on to another page.
 */
function ownPage(context: HttpContext, req: Request): string | null {
  const page = requestedPage(context, req)
  const isOwn = page?.startsWith(`${context.mountPath}/`) === true
  return isOwn && pathOf(page) !== challengeUrl(context) ? page : null
}

/** Redirects a browser without a login to the login page, if there is one; refuses every other request. */
export async function sendLoginRefusal(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
  returnTo: string | null = null,
): Promise<void> {
  // A form whose login has timed out goes there too; the login page then shows why.
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
 * Answers a refusal: a browser's form is redirected to its page, which shows the reason. If that is impossible, the
 * page itself is the response.
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
