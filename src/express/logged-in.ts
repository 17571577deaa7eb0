/** Handlers for people whose password was accepted: what they refuse is answered in one place. */

import type { Request, RequestHandler, Response } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import type { Page } from '../pages/page.js'
import type { HttpContext } from './context.js'
import { isNavigation, wantsPage } from './negotiate.js'
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

/** The page that a refused form is answered with; by default the one that shows how the session stands now. */
export type PageOfRefusal = (req: Request, standing: Standing, refusal: Refusal) => Promise<Page>

/** A handler that only a logged-in person reaches. */
export function loggedIn(
  context: HttpContext,
  work: LoggedInWork,
  pageOf?: PageOfRefusal,
): RequestHandler {
  return handler(context, async (req, res) => {
    requireSession(req)
    const standing = await standingOf(context, req)
    if (isRefusal(standing)) {
      await refuseLogin(context, req, res, standing)
      return
    }
    const refusal = await work(req, res, standing)
    if (refusal !== null) await refuseOnPage(context, req, res, standing, refusal, pageOf)
  })
}

/** Sends a browser that is not logged in to the login page, if there is one; tells others. */
export async function refuseLogin(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
): Promise<void> {
  if (isNavigation(req) && context.loginPath !== null) {
    res.set('Cache-Control', 'no-store').redirect(303, context.loginPath)
  } else {
    await refuseRequest(context, req, res, refusal)
  }
}

/** Answers a refused form with the page as it stands now, and the reason in it. */
export async function refuseOnPage(
  context: HttpContext,
  req: Request,
  res: Response,
  standing: Standing,
  refusal: Refusal,
  pageOf?: PageOfRefusal,
): Promise<void> {
  if (!wantsPage(req)) {
    await refuseRequest(context, req, res, refusal)
    return
  }
  const now: Standing = { ...standing, record: recordOf(req, standing.subject) }
  const page = await (pageOf?.(req, now, refusal) ?? pageOfStatus(context, now))
  await refuseRequest(context, req, res, refusal, page)
}

async function pageOfStatus(context: HttpContext, standing: Standing): Promise<Page> {
  return (await statusOfSession(context, standing)).page
}
