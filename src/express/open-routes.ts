/** Mounts endpoints without a login: JSON for clients without a session. */

import express, { type Request, type Response, type Router } from 'express'

import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import type { OpenRoute } from '../ports/open-route.js'
import { readBody } from './body.js'
import type { HttpContext } from './context.js'
import { localeOf } from './negotiate.js'
import { crossSiteRefusal } from './origin-check.js'
import { passPreflight } from './preflight.js'
import { statusOf } from './problem.js'
import { faultOf, faultRefusal, sendProblem } from './respond.js'
import { markGuarded } from './route-audit.js'

/** Makes the router. It works without a session. */
export function createOpenRouter(context: HttpContext, routes: readonly OpenRoute[]): Router {
  const router = express.Router()
  router.use(passPreflight)
  for (const route of routes) {
    router.all(route.path, (req, res, next) => {
      markGuarded(req)
      respond(context, req, res, route).catch((error: unknown) => {
        next(faultOf(error))
      })
    })
  }
  return router
}

async function respond(
  context: HttpContext,
  req: Request,
  res: Response,
  route: OpenRoute,
): Promise<void> {
  res.set('Cache-Control', 'no-store')
  const answer = await answerOf(context, req, res, route).catch((error: unknown) => {
    const fault = faultRefusal(context, error)
    if (fault === null) throw error
    return fault
  })
  if (isRefusal(answer)) {
    const status = route.statuses[answer.code] ?? statusOf(context.factors, answer.code)
    sendProblem(context, res, answer, { status })
  } else {
    res.json(answer)
  }
}

async function answerOf(
  context: HttpContext,
  req: Request,
  res: Response,
  route: OpenRoute,
): Promise<object | Refusal> {
  const crossSite = crossSiteRefusal(req, context.origins)
  if (crossSite !== null) return crossSite
  if (req.method !== 'POST') {
    res.set('Allow', 'POST')
    return refusal('method_not_allowed')
  }
  const body = await readBody(req, res)
  if (isRefusal(body)) return body
  return route.handle({
    fields: body.fields,
    clientIp: req.ip,
    locale: (among) => localeOf(req, among),
  })
}
