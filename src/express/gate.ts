/** The gate: everything mounted after it needs both factors. */

import type { Request, RequestHandler, Response } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import { needRefusal, type Need } from '../core/need.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import { availableFactors } from '../flows/factors.js'
import { rowReader } from '../flows/row-reader.js'
import { isLogout } from './address.js'
import { challengeUrl, type HttpContext } from './context.js'
import { exceptedPaths } from './exceptions.js'
import { refuse, sendLoginRefusal } from './logged-in.js'
import { isFragment, isNavigation } from './negotiate.js'
import { isPreflight, sendHeadersOnly } from './preflight.js'
import { passedBy, requireSession, userOf } from './request-state.js'
import { handler, sendFragmentRefusal } from './respond.js'
import { authStateOf, type AuthState } from './auth-state.js'
import { needNames, resolveNeed, type NeedOptions } from './resolve-need.js'
import { forgetFields, keepReturnTo, requestedPage } from './return-to.js'
import { markGuarded } from './route-audit.js'
import { checkRequest, checkStopped, isAnonymous } from './set-up.js'
import { isWaived } from './waived.js'

/** The options of a gate: its condition, and the form fields that it keeps. */
export interface GateOptions extends NeedOptions {
  /**
   * Names of form fields. If the gate stops a form, their values are kept in the session for the page of that form,
   * which reads them by `secondFactor.keptFields(req)`. Never name a password.
   *
   * @default none
   */
  readonly keepFields?: readonly string[] | undefined
  /**
   * Handles requests without any login. `'pass'` lets them through, for public pages below a gate that is mounted above
   * all routes. A login that waits for its second factor, or has timed out, is stopped in any case.
   *
   * @default 'refuse'
   */
  readonly anonymous?: 'pass' | 'refuse' | undefined
  /**
   * Paths that everybody reaches, even a login that waits for its second factor, such as `['/logout']`. They are whole
   * paths as browsers see them, and only this exact spelling is excepted: no other case, trailing slash or encoding.
   * `'/assets/*'` excepts everything below `/assets/`.
   *
   * @default none; `logoutPath` is always let through
   */
  readonly except?: readonly string[] | undefined
}

const gateNames: Readonly<Record<keyof GateOptions, true>> = {
  ...needNames,
  keepFields: true,
  anonymous: true,
  except: true,
}

/**
 * Makes the gate.
 *
 * @throws ConfigurationError for an unknown option, or a value that cannot be used.
 */
export function createGate(context: HttpContext, options: GateOptions = {}): RequestHandler {
  assertKnownOptions('gate', options, gateNames)
  const { keepFields = [], anonymous = 'refuse', except = [] } = options
  const isExcepted = exceptedPaths(context, except)
  const need = resolveNeed(context, 'gate', options)
  const areNames = Array.isArray(keepFields) && keepFields.every((name) => typeof name === 'string')
  if (!areNames) {
    throw new ConfigurationError(
      "gate.keepFields must be a list of field names, such as ['to', 'amount']",
      'gate.keepFields',
    )
  }
  // JavaScript callers may pass anything.
  if (!['pass', 'refuse'].includes(anonymous)) {
    throw new ConfigurationError(`gate.anonymous must be 'pass' or 'refuse'`, 'gate.anonymous')
  }
  return handler(context, async (req, res, next) => {
    requireSession(req)
    checkRequest(context, req)
    markGuarded(req)
    const isOpen = isLogout(context, req) || isExcepted(req)
    if (isOpen || (anonymous === 'pass' && isAnonymous(req))) {
      next()
      return
    }
    if (isPreflight(req)) {
      sendHeadersOnly(res)
      // In a route, this skips the handlers behind the gate. Below `app.use` they still run, but their body is dropped.
      next('route')
      return
    }
    const state = await authStateOf(context, req)
    const refusal = await gateRefusal(context, req, state, need)
    const isLoggedIn = !isRefusal(state) || anonymous === 'pass'
    if (refusal !== null) checkStopped(context, req, isLoggedIn)
    if (refusal === null) {
      if (!isRefusal(state) && keepFields.length > 0) await forgetFields(req, state)
      next()
    } else if (isRefusal(state)) {
      await closeToNobody(context, req, res, state)
    } else {
      await keepReturnTo(context, req, res, state, { ...need, keepFields })
      await closeGate(context, req, res, state, refusal)
    }
  })
}

/** The reason why this request may not pass, or `null`. Sets `req.secondFactor`. */
async function gateRefusal(
  context: HttpContext,
  req: Request,
  state: AuthState | Refusal,
  need: Need,
): Promise<Refusal | null> {
  const isStepUp = need.maxAgeSeconds !== undefined || need.methods !== undefined
  if (isRefusal(state)) {
    const waived = await isWaived(context, req, isStepUp)
    return waived === true ? null : state
  }
  const { grant } = state
  if (grant !== null) req.secondFactor = passedBy(context, grant)
  const needed = needRefusal(grant, context.flow.clock(), need)
  if (needed === null) return null
  const waived = await isWaived(context, req, isStepUp)
  if (waived === false) return withEnrolUrl(context, req, needed)
  return waived === true ? null : waived
}

/** The refusal, marked if the user has to enrol a factor first. */
async function withEnrolUrl(
  { enrolment, flow, users }: HttpContext,
  req: Request,
  refusal: Refusal,
): Promise<Refusal> {
  const user = userOf(req)
  if (enrolment === null || user === null) return refusal
  const available = await availableFactors(flow, user, rowReader(flow, users.subject(user)))
  const { methods } = refusal
  const wouldDo = available.some(({ method }) => methods?.includes(method) !== false)
  return wouldDo ? refusal : { ...refusal, mustEnrol: true }
}

/** Redirects a navigation to the login page, and keeps the page to return to; refuses every other request. */
async function closeToNobody(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
): Promise<void> {
  await sendLoginRefusal(context, req, res, refusal, requestedPage(context, req))
}

/** Redirects a browser to the challenge, which shows the reason if it sent a form; answers scripts with a problem. */
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
  else await refuse(context, req, res, state, refusal)
}
