/** The router: pages and JSON for a person who has given the right password. */

import express, { type RequestHandler, type Router } from 'express'

import { sendAsset } from './assets-handler.js'
import { cancel } from './cancel.js'
import {
  formOfVerify,
  giveUp,
  sendChallenge,
  showMethod,
  showStatus,
  verifySignIn,
} from './challenge-handlers.js'
import type { HttpContext } from './context.js'
import { formOfRoute, showRoute, submitRoute } from './factor-routes.js'
import { mountHeldRoutes } from './held-routes.js'
import { loggedIn, type FormOfRefusal, type LoggedInWork } from './logged-in.js'
import { wantsPage } from './negotiate.js'
import { crossSiteRefusal } from './origin-check.js'
import { passPreflight } from './preflight.js'
import { handler, methodNotAllowed, sendRefusal } from './respond.js'
import { markGuarded } from './route-audit.js'
import { warnOfMount } from './set-up.js'

type Method = 'get' | 'post' | 'delete'

/** Makes the router of the second factor, with the endpoints of each factor. */
export function createRouter(context: HttpContext): Router {
  const router = express.Router()
  router.use(guard, warnOfMount(context), passPreflight)
  const route = (
    path: string,
    works: Partial<Record<Method, LoggedInWork>>,
    formOf?: FormOfRefusal,
  ) => {
    const at = router.route(path).all(noStore, sameOrigin(context))
    const methods = Object.entries(works) as [Method, LoggedInWork][]
    for (const [method, work] of methods) at[method](loggedIn(context, work, formOf))
    const names = methods.map(([method]) => method.toUpperCase())
    at.all(methodNotAllowed(context, ...(works.get ? ['HEAD', ...names] : names)))
  }
  route('/', { get: showStatus(context) })
  route('/challenge', { post: sendChallenge(context), delete: giveUp(context) })
  route('/verify', { post: verifySignIn(context) }, formOfVerify(context))
  route('/cancel', { post: cancel(context) })
  const page = (path: string, work: LoggedInWork) => {
    router.get(path, onlyPages, noStore, loggedIn(context, work))
  }
  page('/use/:method', showMethod(context))
  for (const factor of context.factors) {
    for (const own of factor.routes ?? []) {
      if (own.besideOthers === true && context.enrolment === null) continue
      if (own.show !== undefined) {
        const show = showRoute(context, factor, own.path, own.show.bind(own))
        page(own.path, show)
      }
      if (own.submit !== undefined) {
        const submit = submitRoute(context, factor, own.submit.bind(own))
        route(own.path, { post: submit }, formOfRoute(own))
      }
    }
  }
  // After the factors' own routes, because `/factors/:id` would match them.
  mountHeldRoutes(context, { route, page })
  router.get('/assets/:name', sendAsset(context))
  return router
}

/** Refuses unsafe requests that another site made a browser send. */
export function sameOrigin(context: HttpContext): RequestHandler {
  return handler(context, async (req, res, next) => {
    const refusal = crossSiteRefusal(req, context.origins)
    if (refusal === null) next()
    else await sendRefusal(context, req, res, refusal)
  })
}

/** Runs a page's handler for browsers only; programs find another method at this address, or nothing. */
const onlyPages: RequestHandler = (req, _res, next) => {
  next(wantsPage(req) ? undefined : 'route')
}

/** Our own routes need no gate of the application. */
const guard: RequestHandler = (req, _res, next) => {
  markGuarded(req)
  next()
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
