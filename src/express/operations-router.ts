/** The operators' router: an overview, and pages to look up and help a person. */

import express, { type Request, type RequestHandler, type Response, type Router } from 'express'

import { readOwnString } from '../core/fields.js'
import { isRefusal } from '../core/refusal.js'
import { isActionName, type ActionName } from '../operations/actions.js'
import { spans, type Span } from '../operations/buckets.js'
import { overviewBody, refreshSeconds } from '../operations/overview-page.js'
import { overviewOf } from '../operations/overview.js'
import { pathOfPerson, personBody } from '../operations/person-page.js'
import { operationsAsset } from '../pages/assets.js'
import { sendAssetOf } from './assets-handler.js'
import { readBody } from './body.js'
import { wantsPage } from './negotiate.js'
import { act, sendUnknownUser, showConfirmation } from './operations-actions.js'
import { frameFor, sendOperationsJson, sendOperationsPage } from './operations-answers.js'
import { onlyOperators, onlyPassed, onlySameOrigin } from './operations-guards.js'
import { checkOperationsOptions } from './operations-options.js'
import {
  personOf,
  subjectOfId,
  subjectOfSearch,
  type OperationsContext,
} from './operations-people.js'
import { handler, sendRefusal } from './respond.js'

/**
 * Makes the router.
 *
 * @throws ConfigurationError if `authorize` is missing, or an option is not a function.
 */
export function createOperationsRouter(context: OperationsContext): Router {
  const { http, options } = context
  checkOperationsOptions(options)
  const router = express.Router()
  const seen = onlyPassed(http, false)
  const acting = onlyPassed(http, true)
  const own = onlySameOrigin(http)
  const action = (work: typeof act) =>
    handler(http, async (req, res, next) => {
      const name = req.params['action']
      if (isActionName(name)) await work(context, req, res, name)
      else next()
    })
  // For everybody else not even a header must show that these addresses exist.
  router.use(onlyOperators(http, options), noStore)
  router.get(
    ['/', '/overview'],
    ...seen,
    handler(http, (req, res) => showOverview(context, req, res)),
  )
  router.post(
    '/users',
    own,
    ...seen,
    handler(http, (req, res) => findPerson(context, req, res)),
  )
  router.get(
    '/users/:id',
    ...seen,
    handler(http, (req, res) => showPerson(context, req, res)),
  )
  router.get('/users/:id/:action', ...acting, action(showConfirmation))
  router.post('/users/:id/:action', own, ...acting, action(act))
  router.get('/assets/:name', ...seen, sendAssetOf([operationsAsset]))
  return router
}

async function showOverview(
  { http, calls }: OperationsContext,
  req: Request,
  res: Response,
): Promise<void> {
  const asked = req.query['span']
  const span: Span =
    typeof asked === 'string' && Object.hasOwn(spans, asked) ? (asked as Span) : 'day'
  const overview = await overviewOf(
    {
      counts: http.counts,
      insights: http.factors.flatMap(({ insight }) => insight ?? []),
      health: () => calls.health(),
      clock: http.flow.clock,
    },
    span,
  )
  if (!wantsPage(req)) {
    sendOperationsJson(res, overview)
    return
  }
  const isPaused = req.query['still'] !== undefined
  if (!isPaused) res.set('Refresh', String(refreshSeconds))
  const body = overviewBody(frameFor(http, req), overview, isPaused)
  sendOperationsPage(http, req, res, 'Overview', body)
}

/** Searches use POST, so that the search text never appears in an address. */
async function findPerson(context: OperationsContext, req: Request, res: Response): Promise<void> {
  const { http } = context
  const body = await readBody(req, res)
  if (isRefusal(body)) {
    await sendRefusal(http, req, res, body)
    return
  }
  const field = body.fields === null ? null : readOwnString(body.fields, 'find')
  const text = typeof field === 'string' ? field.trim() : ''
  const subject = await subjectOfSearch(context, text)
  if (subject === null) sendUnknownUser(context, req, res)
  else if (wantsPage(req)) res.redirect(303, pathOfPerson(frameFor(http, req).mount, subject))
  else sendOperationsJson(res, { user: subject })
}

async function showPerson(context: OperationsContext, req: Request, res: Response): Promise<void> {
  const { http } = context
  const subject = await subjectOfId(context, String(req.params['id']))
  if (subject === null) {
    sendUnknownUser(context, req, res)
    return
  }
  const person = await personOf(context, req, subject)
  if (!wantsPage(req)) {
    const { id: user, status, ...facts } = person
    sendOperationsJson(res, { user, ...status, ...facts })
    return
  }
  const { done } = req.query
  // A link on another site must not make an operator believe that something was done.
  const isOwn = [undefined, 'same-origin'].includes(req.get('sec-fetch-site'))
  const finished: ActionName | null = isOwn && isActionName(done) ? done : null
  const now = new Date(http.flow.clock())
  const body = personBody(frameFor(http, req), person, now, finished)
  sendOperationsPage(http, req, res, `User ${subject}`, body)
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
