/** Judges a code that an application's own route was sent. */

import type { Request, RequestHandler, Response } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import { readBody, readCode } from './body.js'
import type { HttpContext } from './context.js'
import { crossSiteRefusal } from './origin-check.js'
import { passedAnswer, passSession, type Passed } from './pass.js'
import { requireSession } from './request-state.js'
import { handler, refuseRequest } from './respond.js'
import { standingOf } from './standing.js'

/** The body's field that holds the code. */
const codeField = 'code'

/** A request that has passed, and who it is. */
export interface Authenticated {
  readonly status: 'authenticated'
  readonly user: Express.User
  readonly passed: Passed
  /** The page that the gate kept the way back to, if there was one. */
  readonly wayBack: string | undefined
}

/** Judges the code in the request's body for the request's session. */
export async function authenticateRequest(
  context: HttpContext,
  req: Request,
  res: Response,
): Promise<Authenticated | Refusal> {
  requireSession(req)
  const crossSite = crossSiteRefusal(req, context.origins)
  if (crossSite !== null) return crossSite
  const standing = await standingOf(context, req)
  if (isRefusal(standing)) return standing
  const body = await readBody(req, res)
  if (isRefusal(body)) return body
  const code = readCode(body, codeField, context.flow.policy.digits)
  if (isRefusal(code)) return code
  // Unlike the router's endpoint, a route of the application may do something with each right code, so a
  // session that has passed already needs a new one.
  const outcome = await passSession(context, req, standing, 'sign-in', code.text)
  if (isRefusal(outcome)) return outcome
  const passed = passedAnswer(context, standing, outcome.grant)
  const wayBack = standing.record.returnTo
  return { status: 'authenticated', user: standing.user, passed, wayBack }
}

/** Makes the middleware that lets a right code through to the next handler, and answers every other. */
export function createAuthenticate(context: HttpContext): RequestHandler {
  return handler(context, async (req, res, next) => {
    const outcome = await authenticateRequest(context, req, res)
    if (isRefusal(outcome)) await refuseRequest(context, req, res, outcome)
    else next()
  })
}
