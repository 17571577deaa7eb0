/** The router: pages and JSON for a person whose password was accepted. */

import express, { type RequestHandler, type Router } from 'express'

import { sendAsset } from './assets-handler.js'
import { giveUp, sendCode, showStatus, verifyCode } from './challenge-handlers.js'
import type { HttpContext } from './context.js'
import { loggedIn, type LoggedInWork, type PageOfRefusal } from './logged-in.js'
import { wantsPage } from './negotiate.js'
import { crossSiteRefusal } from './origin-check.js'
import { pageOfPhone, sendToNewPhone, showPhone, verifyNewPhone } from './phone-handlers.js'
import { handler, methodNotAllowed, refuseRequest } from './respond.js'

type Method = 'get' | 'post' | 'delete'

/** Makes the router of the second factor. Number endpoints exist where the application keeps numbers. */
export function createRouter(context: HttpContext): Router {
  const router = express.Router()
  const route = (
    path: string,
    works: Partial<Record<Method, LoggedInWork>>,
    pageOf?: PageOfRefusal,
  ) => {
    const at = router.route(path).all(noStore, sameOrigin(context))
    const methods = Object.entries(works) as [Method, LoggedInWork][]
    for (const [method, work] of methods) at[method](loggedIn(context, work, pageOf))
    const names = methods.map(([method]) => method.toUpperCase())
    at.all(methodNotAllowed(context, ...(works.get ? ['HEAD', ...names] : names)))
  }
  route('/', { get: showStatus(context) })
  route('/challenge', { post: sendCode(context), delete: giveUp(context) })
  route('/verify', { post: verifyCode(context) })
  if (context.users.keepsPhones) {
    router.get('/phone', onlyPages, noStore, loggedIn(context, showPhone(context)))
    route('/phone', { post: sendToNewPhone(context) }, pageOfPhone(context))
    route('/phone/verify', { post: verifyNewPhone(context) })
  }
  router.get('/assets/:name', sendAsset)
  return router
}

/** Refuses unsafe requests that another site made a browser send. */
export function sameOrigin(context: HttpContext): RequestHandler {
  return handler(context, async (req, res, next) => {
    const refusal = crossSiteRefusal(req, context.origins)
    if (refusal === null) next()
    else await refuseRequest(context, req, res, refusal)
  })
}

/** A page alone: programs find another method at its address, or nothing. */
const onlyPages: RequestHandler = (req, _res, next) => {
  next(wantsPage(req) ? undefined : 'route')
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
