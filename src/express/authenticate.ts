/** Judges evidence posted to a route of the application. */

import type { Request, RequestHandler, Response } from 'express'

import { readOwnString } from '../core/fields.js'
import { assertKnownOptions } from '../core/known-options.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { Method } from '../core/state.js'
import { authStateOf, type AuthState } from './auth-state.js'
import { readBody, type Body } from './body.js'
import { chooseFor } from './choose-for.js'
import { maxEvidenceBytes, type HttpContext } from './context.js'
import { crossSiteRefusal } from './origin-check.js'
import { passedAnswer, passSession, type Evidence, type Passed } from './raise-session.js'
import { requireSession } from './request-state.js'
import { resolveNeed, type NeedOptions } from './resolve-need.js'
import { handler, sendRefusal } from './respond.js'
import { markGuarded } from './route-audit.js'
import { checkRequest } from './set-up.js'

/** The accepted methods. */
export type AuthenticateOptions = Pick<NeedOptions, 'factors' | 'phishingResistant'>

/**
 * The methods that the options allow; `undefined` if any will do.
 *
 * @throws ConfigurationError for an unknown option, or for methods that nobody could pass by.
 */
export function resolveMethods(
  context: HttpContext,
  caller: string,
  options: AuthenticateOptions,
): readonly Method[] | undefined {
  assertKnownOptions(caller, options, { factors: true, phishingResistant: true })
  return resolveNeed(context, caller, options).methods
}

/** A request that has passed, and its user. */
export interface Authenticated {
  readonly status: 'authenticated'
  readonly user: Express.User
  readonly passed: Passed
  /** The page that the gate stopped the person on, if it did. */
  readonly returnTo: string | undefined
}

/** Judges the evidence in the request's body for the request's session. */
export async function authenticateRequest(
  context: HttpContext,
  req: Request,
  res: Response,
  methods?: readonly Method[],
): Promise<Authenticated | Refusal> {
  requireSession(req)
  checkRequest(context, req)
  markGuarded(req)
  const crossSite = crossSiteRefusal(req, context.origins)
  if (crossSite !== null) return crossSite
  const state = await authStateOf(context, req)
  if (isRefusal(state)) return state
  const body = await readBody(req, res, maxEvidenceBytes(context))
  if (isRefusal(body)) return body
  const evidence = await evidenceIn(context, state, body)
  if (isRefusal(evidence)) return evidence
  if (methods?.includes(evidence.factor.method) === false) {
    return refusal('second_factor_insufficient', { methods })
  }
  // A route of the application may act on each right answer, so unlike the router's endpoint it demands new evidence
  // even from a session that has passed.
  const outcome = await passSession(context, req, state, { ...evidence, purpose: 'sign-in' })
  if (isRefusal(outcome)) return outcome
  const passed = passedAnswer(context, state, outcome)
  const { returnTo } = state.record
  return { status: 'authenticated', user: state.user, passed, returnTo }
}

/** The factor that a body is for, and its evidence. */
export async function evidenceIn(
  context: HttpContext,
  state: AuthState,
  { fields }: Body,
): Promise<Omit<Evidence, 'purpose'> | Refusal> {
  const method = readOwnString(fields, 'method') ?? undefined
  const chosen = await chooseFor(context, state, { method })
  if (isRefusal(chosen)) return chosen
  const { factor, row } = chosen
  const evidence = factor.readEvidence(fields)
  return isRefusal(evidence) ? evidence : { factor, evidence, row }
}

/** Makes the middleware that calls the next handler after a right answer, and refuses every other one. */
export function createAuthenticate(
  context: HttpContext,
  options: AuthenticateOptions = {},
): RequestHandler {
  const methods = resolveMethods(context, 'authenticate', options)
  return handler(context, async (req, res, next) => {
    const outcome = await authenticateRequest(context, req, res, methods)
    if (isRefusal(outcome)) await sendRefusal(context, req, res, outcome)
    else next()
  })
}
