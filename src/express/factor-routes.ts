/** Mounts the endpoints that a factor brings, for people whose password was accepted. */

import type { Request, Response } from 'express'

import { isRefusal, type Refusal } from '../core/refusal.js'
import type { Factor } from '../ports/factor.js'
import type { FactorRoute, RouteAnswer, RouteRequest } from '../ports/factor-route.js'
import type { AuthState } from './auth-state.js'
import { readBody, type Body } from './body.js'
import { sendStarted } from './challenge-handlers.js'
import { challengeUrl, type HttpContext } from './context.js'
import type { LoggedInWork, PageOfRefusal } from './logged-in.js'
import { localeFor, wantsPage } from './negotiate.js'
import { passedAnswer, passSession } from './raise-session.js'
import { keepReturnTo } from './return-to.js'
import { sendPage } from './send-page.js'

type Submit = NonNullable<FactorRoute<Express.User>['submit']>

/** Handles a browser's `GET` of a factor's page. */
export function showRoute(context: HttpContext, factor: Factor, show: Submit): LoggedInWork {
  return async (req, res, state) => {
    const request = await requestOf(context, req, state, factor, null)
    return respond(context, req, res, state, factor, await show(request))
  }
}

/** Handles a `POST` to a factor's endpoint. */
export function submitRoute(context: HttpContext, factor: Factor, submit: Submit): LoggedInWork {
  return async (req, res, state) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const request = await requestOf(context, req, state, factor, body)
    return respond(context, req, res, state, factor, await submit(request))
  }
}

/** The page that a factor shows a refused form on, or `null` for the page that shows how the session stands. */
export function pageOfRefusalFor(
  context: HttpContext,
  factor: Factor,
  route: FactorRoute<Express.User>,
): PageOfRefusal | undefined {
  if (route.pageOfRefusal === undefined) return undefined
  return async (req, state, refusal) => {
    const fields: unknown = req.body
    const body: Body = {
      status: 'parsed',
      fields: typeof fields === 'object' ? fields : null,
    }
    const request = await requestOf(context, req, state, factor, body)
    return (await route.pageOfRefusal?.(request, refusal)) ?? null
  }
}

async function requestOf(
  context: HttpContext,
  req: Request,
  { user, subject, grant, record }: AuthState,
  factor: Factor,
  body: Body | null,
): Promise<RouteRequest<Express.User>> {
  return {
    ...{ user, subject, grant },
    challengeId: record.challengeId ?? null,
    fields: body?.fields ?? null,
    locale: await localeFor(context, req, user, factor.locales),
    clientIp: req.ip,
  }
}

async function respond(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  factor: Factor,
  answer: RouteAnswer,
): Promise<Refusal | null> {
  switch (answer.status) {
    case 'refused':
      return answer
    case 'page':
      await sendPage(context, req, res, answer.page)
      return null
    case 'started':
      return sendStarted(context, req, res, state, answer)
    case 'step_up':
      await keepReturnTo(context, req, res, state, { maxAgeSeconds: answer.maxAgeSeconds })
      res.redirect(303, challengeUrl(context))
      return null
    case 'enrol':
      return enrol(context, req, res, pastOwnPages(context, state), factor, answer)
  }
}

async function enrol(
  context: HttpContext,
  req: Request,
  res: Response,
  state: AuthState,
  factor: Factor,
  { evidence, json, isFirst }: Extract<RouteAnswer, { status: 'enrol' }>,
): Promise<Refusal | null> {
  const outcome = await passSession(context, req, state, { factor, evidence, purpose: 'enrolment' })
  if (isRefusal(outcome)) return outcome
  const { status: _passed, ...passed } = passedAnswer(context, state, outcome.grant)
  if (wantsPage(req)) res.redirect(303, passed.returnTo)
  else res.json({ ...json(outcome.proof), ...(isFirst ? passed : {}) })
  return null
}

/** Whoever was on the way to one of our own pages has been there by now. */
function pastOwnPages({ mountPath }: HttpContext, state: AuthState): AuthState {
  const { record } = state
  const isOurs = record.returnTo?.startsWith(`${mountPath}/`) === true
  return isOurs ? { ...state, record: { ...record, returnTo: undefined } } : state
}
