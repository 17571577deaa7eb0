/** The gate: everything mounted after it needs both factors. */

import type { Request, RequestHandler, Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { isWithin } from '../core/grant.js'
import { assertKnownOptions } from '../core/known-options.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { challengeUrl, type HttpContext } from './context.js'
import { sendLoginRefusal, sendRefusalPage } from './logged-in.js'
import { isNavigation } from './negotiate.js'
import { passedBy, requireSession, userOf } from './request-state.js'
import { handler } from './respond.js'
import { returnPath } from './return-path.js'
import { recordOf, saveSession, setRecord } from './session-record.js'
import { authStateOf, type AuthState } from './auth-state.js'
import { forgetFields, keepReturnTo } from './return-to.js'

/** What passes the gate, and what is kept of a form that does not. */
export interface GateOptions {
  /** Step-up: the second factor must have been passed within so many seconds. Default: any living grant does. */
  readonly maxAgeSeconds?: number | undefined
  /**
   * Names of fields of a form that a browser posts here. Where the gate stops it, what was typed in them is kept in the
   * session, for `secondFactor.keptFields(req)` on the form's own page; never name a password. Default: none.
   */
  readonly keepFields?: readonly string[] | undefined
}

/**
 * Makes the gate.
 *
 * @throws ConfigurationError for an unknown option, an age that is no positive number, or a field that is no name.
 */
export function createGate(context: HttpContext, options: GateOptions = {}): RequestHandler {
  assertKnownOptions('gate', options, { maxAgeSeconds: true, keepFields: true })
  const { maxAgeSeconds, keepFields = [] } = options
  if (maxAgeSeconds !== undefined && !(Number.isFinite(maxAgeSeconds) && maxAgeSeconds > 0)) {
    throw new ConfigurationError('gate.maxAgeSeconds must be a number of seconds above 0')
  }
  const areNames = Array.isArray(keepFields) && keepFields.every((name) => typeof name === 'string')
  if (!areNames) {
    throw new ConfigurationError(
      "gate.keepFields must be names of fields, such as ['to', 'amount']",
    )
  }
  return handler(context, async (req, res, next) => {
    requireSession(req)
    const state = await authStateOf(context, req)
    const refusal = await gateRefusal(context, req, state, maxAgeSeconds)
    if (refusal === null) {
      if (!isRefusal(state) && keepFields.length > 0) await forgetFields(req, state)
      next()
    } else if (isRefusal(state)) {
      await closeToNobody(context, req, res, state)
    } else {
      await keepReturnTo(context, req, res, state, { maxAgeSeconds, keepFields })
      await closeGate(context, req, res, state, refusal)
    }
  })
}

/** Why this request may not pass, or `null`; tells `req.secondFactor` what was found. */
async function gateRefusal(
  context: HttpContext,
  req: Request,
  state: AuthState | Refusal,
  maxAgeSeconds: number | undefined,
): Promise<Refusal | null> {
  if (isRefusal(state)) return (await isWaived(context, req)) ? null : state
  const { grant } = state
  if (grant !== null) req.secondFactor = passedBy(context, grant)
  const fresh =
    grant !== null &&
    (maxAgeSeconds === undefined || isWithin(grant, context.flow.clock(), maxAgeSeconds))
  if (fresh || (await isWaived(context, req))) return null
  return refusal(grant === null ? 'second_factor_required' : 'second_factor_stale')
}

/** Whether the application waives the second factor for this user, for as long as the login lasts. */
async function isWaived(context: HttpContext, req: Request): Promise<boolean> {
  const user = userOf(req)
  return user !== null && !(await context.users.isRequired(user))
}

/** Leads a browser's navigation to the login page, and keeps the way back; refuses everything else. */
async function closeToNobody(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
): Promise<void> {
  if (isNavigation(req) && context.loginPath !== null) {
    const user = userOf(req)
    const subject = user === null ? null : context.users.subject(user)
    const returnTo = returnPath(req.originalUrl) ?? undefined
    // What was kept for another page is not for this one.
    const gone = { maxAgeSeconds: undefined, keptFields: undefined }
    setRecord(req, { ...recordOf(req, subject), ...gone, returnTo })
    await saveSession(req)
  }
  await sendLoginRefusal(context, req, res, refusal)
}

/** Leads a browser's navigation to the challenge; answers a form with the challenge itself, and programs with a problem. */
async function closeGate(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  refusal: Refusal,
): Promise<void> {
  if (isNavigation(req)) res.set('Cache-Control', 'no-store').redirect(303, challengeUrl(context))
  else await sendRefusalPage(context, req, res, state, refusal)
}
