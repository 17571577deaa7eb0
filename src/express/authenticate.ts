/** Judges a code that an application's own route was sent. */

import type { Request, RequestHandler, Response } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import { readBody, readCode } from './body.js'
import type { HttpContext } from './context.js'
import { crossSiteRefusal } from './origin-check.js'
import { confirmSignIn, passedAnswer, type Passed } from './pass.js'
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
  const grant = await confirmSignIn(context, req, standing, code.text)
  if ('status' in grant) return grant
  const passed = passedAnswer(context, standing, grant)
  return { status: 'authenticated', user: standing.user, passed }
}

/** Makes the middleware that lets a right code through to the next handler, and answers every other. */
export function createAuthenticate(context: HttpContext): RequestHandler {
  return handler(context, async (req, res, next) => {
    const outcome = await authenticateRequest(context, req, res)
    if (isRefusal(outcome)) await refuseRequest(context, req, res, outcome)
    else next()
  })
}
