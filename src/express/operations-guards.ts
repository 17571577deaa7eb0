/** Guards the operators' pages: only operators, only after a second factor, and only from these pages. */

import type { Request, RequestHandler } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { needRefusal } from '../core/need.js'
import { isRefusal, refusal } from '../core/refusal.js'
import { emit } from '../flows/context.js'
import { authStateOf } from './auth-state.js'
import { challengeUrl, type HttpContext } from './context.js'
import { createGate } from './gate.js'
import { refuse } from './logged-in.js'
import { isNavigation } from './negotiate.js'
import { askOption, type OperationsRouterOptions } from './operations-options.js'
import { crossSiteRefusal } from './origin-check.js'
import { userOf } from './request-state.js'
import { handler, sendRefusal } from './respond.js'
import { keepReturnTo } from './return-to.js'

/** The largest age of the second factor for an action, in seconds. */
const actionSeconds = 300

/** Lets operators through; for everybody else the router does not exist. */
export function onlyOperators(
  context: HttpContext,
  { authorize }: Pick<OperationsRouterOptions, 'authorize'>,
): RequestHandler {
  return handler(context, async (req, _res, next) => {
    next((await isOperator(context, req, authorize)) ? undefined : 'router')
  })
}

async function isOperator(
  { flow }: HttpContext,
  req: Request,
  authorize: OperationsRouterOptions['authorize'],
): Promise<boolean> {
  // A request without a login is never an operator's, whatever `authorize` returns.
  if (userOf(req) === null) return false
  let answer: unknown
  try {
    answer = await askOption('authorize', () => authorize(req))
  } catch {
    const message = 'operationsRouter.authorize failed, so nobody gets in'
    emit(flow, { type: 'fault', code: 'directory_unavailable', message })
    return false
  }
  if (answer === undefined || answer === null) return false
  if (typeof answer === 'boolean') return answer
  throw new ConfigurationError(
    'operationsRouter.authorize must return true or false; wrap other values in Boolean(…)',
    'operationsRouter.authorize',
  )
}

/**
 * Lets requests through that have passed a second factor, for an action a recent one. The gate alone is not enough: it
 * lets users through who are excused from the second factor elsewhere, whatever the age of their pass.
 */
export function onlyPassed(context: HttpContext, isForAction: boolean): readonly RequestHandler[] {
  const need = isForAction ? { maxAgeSeconds: actionSeconds } : {}
  const keepFields = isForAction ? ['reason'] : []
  const gate = createGate(context, { ...need, keepFields })
  const passed = handler(context, async (req, res, next) => {
    const state = await authStateOf(context, req)
    const refused = isRefusal(state) ? state : needRefusal(state.grant, context.flow.clock(), need)
    if (refused === null) {
      next()
      return
    }
    if (isRefusal(state)) {
      await sendRefusal(context, req, res, refused)
      return
    }
    await keepReturnTo(context, req, res, state, { ...need, keepFields })
    if (isNavigation(req)) res.redirect(303, challengeUrl(context))
    else await refuse(context, req, res, state, refused)
  })
  return [gate, passed]
}

/** Refuses a request that another site, or another host of this site, made a browser send. */
export function onlySameOrigin(context: HttpContext): RequestHandler {
  return handler(context, async (req, res, next) => {
    const site = req.get('sec-fetch-site')
    const isOwn = site === undefined || site === 'same-origin' || site === 'none'
    const refused =
      req.method === 'GET' || req.method === 'HEAD' || isOwn
        ? crossSiteRefusal(req, context.origins)
        : refusal('cross_site_request')
    if (refused === null) next()
    else await sendRefusal(context, req, res, refused)
  })
}
