/** The gate: everything mounted after it needs both factors. */

import type { Request, RequestHandler, Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { isFresh } from '../core/grant.js'
import { refuseUnknown } from '../core/known-options.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import { challengeUrl, type HttpContext } from './context.js'
import { refuseLogin } from './logged-in.js'
import { wantsPage } from './negotiate.js'
import { passedBy, requireSession, userOf } from './request-state.js'
import { handler, refuseRequest } from './respond.js'
import { returnPath } from './return-path.js'
import { recordOf, saveSession, setRecord } from './session-record.js'
import { standingOf } from './standing.js'

/** How recent the second factor has to be. */
export interface GateOptions {
  /** Step-up: the second factor must have been passed within so many seconds. Default: any living grant does. */
  readonly maxAgeSeconds?: number | undefined
}

/**
 * Makes the gate.
 *
 * @throws ConfigurationError for an unknown option, or an age that is no positive number.
 */
export function createGate(context: HttpContext, options: GateOptions = {}): RequestHandler {
  refuseUnknown('gate', options, { maxAgeSeconds: true })
  const { maxAgeSeconds } = options
  if (maxAgeSeconds !== undefined && !(Number.isFinite(maxAgeSeconds) && maxAgeSeconds > 0)) {
    throw new ConfigurationError('gate.maxAgeSeconds must be a number of seconds above 0')
  }
  return handler(context, async (req, res, next) => {
    requireSession(req)
    const refusal = await gateRefusal(context, req, maxAgeSeconds)
    if (refusal === null) next()
    else await closeGate(context, req, res, refusal)
  })
}

/** Why this request may not pass, or `null`; tells `req.secondFactor` what was found. */
async function gateRefusal(
  context: HttpContext,
  req: Request,
  maxAgeSeconds: number | undefined,
): Promise<Refusal | null> {
  const standing = await standingOf(context, req)
  if (isRefusal(standing)) return (await isWaived(context, req)) ? null : standing
  const { grant } = standing
  if (grant !== null) req.secondFactor = passedBy(grant)
  const fresh =
    grant !== null &&
    (maxAgeSeconds === undefined || isFresh(grant, context.flow.clock(), maxAgeSeconds))
  if (fresh || (await isWaived(context, req))) return null
  return refuse(grant === null ? 'second_factor_required' : 'second_factor_stale')
}

/** Whether the application waives the second factor for this user, for as long as the login lasts. */
async function isWaived(context: HttpContext, req: Request): Promise<boolean> {
  const user = userOf(req)
  return user !== null && !(await context.users.isRequired(user))
}

/** Leads a browser's navigation to the challenge and keeps the way back; refuses everything else. */
async function closeGate(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
): Promise<void> {
  const navigates = (req.method === 'GET' || req.method === 'HEAD') && wantsPage(req)
  const target = refusal.code === 'login_required' ? context.loginPath : challengeUrl(context)
  if (navigates && target !== null) {
    const user = userOf(req)
    const subject = user === null ? null : context.users.subject(user)
    const returnTo = returnPath(req.originalUrl) ?? undefined
    setRecord(req, { ...recordOf(req, subject), returnTo })
    await saveSession(req)
  }
  if (refusal.code === 'login_required') await refuseLogin(context, req, res, refusal)
  else if (navigates) res.set('Cache-Control', 'no-store').redirect(303, challengeUrl(context))
  else await refuseRequest(context, req, res, refusal)
}
