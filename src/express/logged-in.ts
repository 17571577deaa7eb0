/** Handlers for people whose password was accepted: what they refuse is answered in one place. */

import type { Request, RequestHandler, Response } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import type { HttpContext } from './context.js'
import { wantsPage } from './negotiate.js'
import { requireSession } from './request-state.js'
import { handler, refuseRequest } from './respond.js'
import { recordOf } from './session-record.js'
import { standingOf, type Standing } from './standing.js'
import { statusOfSession } from './status.js'

/** Answers the request itself and returns `null`, or leaves the answer to a refusal. */
export type LoggedInWork = (
  req: Request,
  res: Response,
  standing: Standing,
) => Promise<Refusal | null>

/** A handler that only a logged-in person reaches. */
export function loggedIn(context: HttpContext, work: LoggedInWork): RequestHandler {
  return handler(context, async (req, res) => {
    requireSession(req)
    const standing = await standingOf(context, req)
    if (isRefusal(standing)) {
      await refuseLogin(context, req, res, standing)
      return
    }
    const refusal = await work(req, res, standing)
    if (refusal !== null) await refuseOnPage(context, req, res, standing, refusal)
  })
}

/** Sends a browser that is not logged in to the login page, if there is one; tells others. */
export async function refuseLogin(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
): Promise<void> {
  const navigates = req.method === 'GET' || req.method === 'HEAD'
  if (navigates && context.loginPath !== null && wantsPage(req)) {
    res.set('Cache-Control', 'no-store').redirect(303, context.loginPath)
  } else {
    await refuseRequest(context, req, res, refusal)
  }
}

/** Answers a refused form with the page as it stands now, and the reason in it. */
async function refuseOnPage(
  context: HttpContext,
  req: Request,
  res: Response,
  standing: Standing,
  refusal: Refusal,
): Promise<void> {
  if (!wantsPage(req)) {
    await refuseRequest(context, req, res, refusal)
    return
  }
  const now: Standing = { ...standing, record: recordOf(req, standing.subject) }
  await refuseRequest(context, req, res, refusal, (await statusOfSession(context, now)).page)
}
