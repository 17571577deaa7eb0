/** The gate: everything mounted after it needs both factors. */

import type { Request, RequestHandler, Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { isWithin } from '../core/grant.js'
import { assertKnownOptions } from '../core/known-options.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { addressOf, isLogout, pageToReturnTo } from './address.js'
import { challengeUrl, type HttpContext } from './context.js'
import { sendLoginRefusal, sendRefusalPage } from './logged-in.js'
import { isFragment, isNavigation } from './negotiate.js'
import { isPreflight, sendHeadersOnly } from './preflight.js'
import { passedBy, requireSession, userOf } from './request-state.js'
import { handler, sendFragmentRefusal } from './respond.js'
import { authStateOf, type AuthState } from './auth-state.js'
import { forgetFields, keepReturnTo } from './return-to.js'
import { checkRequest, checkStopped } from './set-up.js'

/** The condition to pass the gate, and the fields that are kept of a form that does not. */
export interface GateOptions {
  /**
   * Step-up: the second factor must have been passed within so many seconds.
   *
   * @default any active grant passes
   */
  readonly maxAgeSeconds?: number | undefined
  /**
   * Names of fields of a form that a browser posts here. Where the gate stops it, their input is kept in the
   * session, for `secondFactor.keptFields(req)` on the form's own page; never name a password.
   *
   * @default none
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
    throw new ConfigurationError(
      'gate.maxAgeSeconds must be a number of seconds above 0',
      'gate.maxAgeSeconds',
    )
  }
  const areNames = Array.isArray(keepFields) && keepFields.every((name) => typeof name === 'string')
  if (!areNames) {
    throw new ConfigurationError(
      "gate.keepFields must be names of fields, such as ['to', 'amount']",
      'gate.keepFields',
    )
  }
  return handler(context, async (req, res, next) => {
    requireSession(req)
    checkRequest(context, req)
    if (isLogout(context, req)) {
      next()
      return
    }
    if (isPreflight(req)) {
      sendHeadersOnly(res)
      // Past the handlers behind this gate, which may answer any method.
      next('route')
      return
    }
    const state = await authStateOf(context, req)
    const refusal = await gateRefusal(context, req, state, maxAgeSeconds)
    if (refusal !== null) checkStopped(context, req, !isRefusal(state))
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
  await sendLoginRefusal(
    context,
    req,
    res,
    refusal,
    pageToReturnTo(context, addressOf(context, req)),
  )
}

/** Leads a browser's navigation to the challenge; answers a form with the challenge itself, and scripts with a problem. */
async function closeGate(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  refusal: Refusal,
): Promise<void> {
  const page = challengeUrl(context)
  if (isNavigation(req)) res.set('Cache-Control', 'no-store').redirect(303, page)
  else if (isFragment(req)) sendFragmentRefusal(context, req, res, refusal, page)
  else await sendRefusalPage(context, req, res, state, refusal)
}
