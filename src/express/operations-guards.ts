/** Who gets to the pages of operators: authorised, past the second factor, and from their own pages. */

import type { Request, RequestHandler } from 'express'

import { ConfigurationError } from '../core/errors.js'
import { emit } from '../flows/context.js'
import { ask } from '../flows/users.js'
import { refusal } from '../core/refusal.js'
import type { HttpContext } from './context.js'
import { createGate } from './gate.js'
import type { OperationsRouterOptions } from './operations-options.js'
import { crossSiteRefusal } from './origin-check.js'
import { userOf } from './request-state.js'
import { handler, sendRefusal } from './respond.js'

/** How recent the second factor has to be for an action, in seconds. */
const actionSeconds = 300

/** Lets operators through; for everybody else the router is not there. */
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
  // Nobody has authorised a request without a login, whatever `authorize` makes of it.
  if (userOf(req) === null) return false
  let answer: unknown
  try {
    answer = await ask('authorize', () => authorize(req))
  } catch {
    const message = 'authorize of operationsRouter failed, so that nobody gets in'
    emit(flow, { type: 'fault', code: 'directory_unavailable', message })
    return false
  }
  if (answer === undefined || answer === null) return false
  if (typeof answer === 'boolean') return answer
  throw new ConfigurationError(
    'operationsRouter.authorize must return true or false; write Boolean(…) where 0 is false',
    'operationsRouter.authorize',
  )
}

/** Lets those through who have passed a second factor. Whoever is excused from one elsewhere is not excused here. */
export function onlyPassed(context: HttpContext, isForAction: boolean): readonly RequestHandler[] {
  const gate = createGate(
    context,
    isForAction ? { maxAgeSeconds: actionSeconds, keepFields: ['reason'] } : {},
  )
  const passed = handler(context, async (req, res, next) => {
    if (req.secondFactor?.passed === true) next()
    else await sendRefusal(context, req, res, refusal('second_factor_required'))
  })
  return [gate, passed]
}

/** Refuses what another site, or another host of this one, made a browser send. */
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
