/** Handlers for people whose password was accepted: what they refuse is answered in one place. */

import type { Request, RequestHandler, Response } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import type { PageBody } from '../pages/page.js'
import type { HttpContext } from './context.js'
import { leadToLogin } from './lead-to-login.js'
import { isFragment, isNavigation, wantsPage } from './negotiate.js'
import { requireSession } from './request-state.js'
import { handler, sendFragmentRefusal, sendRefusal } from './respond.js'
import { recordOf } from './session-record.js'
import { checkRequest, warnOfCookie } from './set-up.js'
import { authStateOf, type AuthState } from './auth-state.js'
import { pageOfSession } from './status.js'

/** Answers the request itself and returns `null`, or leaves the answer to a refusal. */
export type LoggedInWork = (
  req: Request,
  res: Response,
  state: AuthState,
) => Promise<Refusal | null>

/** The page that a refused form is answered with; `null` for the one that shows how the session stands now. */
export type PageOfRefusal = (
  req: Request,
  state: AuthState,
  refusal: Refusal,
) => Promise<PageBody | null>

/** A handler that only a logged-in person reaches. */
export function loggedIn(
  context: HttpContext,
  work: LoggedInWork,
  pageOf?: PageOfRefusal,
): RequestHandler {
  return handler(context, async (req, res) => {
    requireSession(req)
    checkRequest(context, req)
    const state = await authStateOf(context, req)
    if (isRefusal(state)) {
      warnOfCookie(context, req)
      await sendLoginRefusal(context, req, res, state)
      return
    }
    const refusal = await work(req, res, state)
    if (refusal !== null) await sendRefusalPage(context, req, res, state, refusal, pageOf)
  })
}

/** Redirects a browser that is not logged in to the login page, if there is one; refuses everything else. */
export async function sendLoginRefusal(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
  returnTo: string | null = null,
): Promise<void> {
  if (isNavigation(req) && context.loginPath !== null) {
    await leadToLogin(req, res, context.loginPath, returnTo)
  } else if (isFragment(req)) {
    sendFragmentRefusal(context, req, res, refusal, context.loginPath)
  } else {
    await sendRefusal(context, req, res, refusal)
  }
}

/** Answers a refused form with the page as it stands now, and the reason in it. */
export async function sendRefusalPage(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  refusal: Refusal,
  pageOf?: PageOfRefusal,
): Promise<void> {
  if (!wantsPage(req)) {
    await sendRefusal(context, req, res, refusal)
    return
  }
  const now: AuthState = { ...state, record: recordOf(req, state.subject) }
  const own = (await pageOf?.(req, now, refusal)) ?? null
  await sendRefusal(context, req, res, refusal, own ?? (await pageOfSession(context, now)).page)
}
