/** Handles the endpoints that each factor brings, for logged-in people. */

import type { Request, Response } from 'express'

import { enrolmentOf } from '../core/enrolment.js'
import { isRefusal, refusal, type Refusal } from '../core/refusal.js'
import { anchor, areFactorsLost } from '../flows/anchor.js'
import { rowReader } from '../flows/row-reader.js'
import type { Factor } from '../ports/factor.js'
import type { FactorRoute, RouteAnswer, RouteRequest } from '../ports/factor-route.js'
import type { AuthState } from './auth-state.js'
import { readBody, type Body } from './body.js'
import { sendStarted } from './challenge-handlers.js'
import { challengeUrl, type HttpContext } from './context.js'
import type { FormOfRefusal, LoggedInWork } from './logged-in.js'
import { localeFor, wantsPage } from './negotiate.js'
import { passedAnswer, passSession } from './raise-session.js'
import { takeRefusal } from './refused-form.js'
import { keepReturnTo, keepWayBack } from './return-to.js'
import { sendPage } from './send-page.js'
import { recordOf, saveRecord } from './session-record.js'

type Route = FactorRoute<Express.User>

/** Handles a browser's `GET` of a factor's page, which also shows why its form was refused. */
export function showRoute(
  context: HttpContext,
  factor: Factor,
  path: string,
  show: NonNullable<Route['show']>,
): LoggedInWork {
  return async (req, res, state) => {
    const request = await requestOf(context, req, state, factor, null)
    const kept = state.record.refusal?.page === path ? state.record.refusal : undefined
    const answer = await show(request, kept?.typed ?? null)
    if (answer.status !== 'page') return respond(context, req, res, state, factor, answer)
    await keepWayBack(context, req, state)
    const { refusal } = await takeRefusal(context, req, state, path)
    // A person who gets here has passed the step-up that the form asked for.
    const isOver = refusal?.code.startsWith('second_factor_') === true
    await sendPage(context, req, res, answer.page, isOver ? null : refusal)
    return null
  }
}

/** Handles a `POST` to a factor's endpoint. */
export function submitRoute(
  context: HttpContext,
  factor: Factor,
  submit: NonNullable<Route['submit']>,
): LoggedInWork {
  return async (req, res, state) => {
    const body = await readBody(req, res)
    if (isRefusal(body)) return body
    const closed = await closedRefusal(context, state)
    if (closed !== null) return closed
    const request = await requestOf(context, req, state, factor, body)
    return respond(context, req, res, state, factor, await submit(request))
  }
}

/** Picks the page that a refused form of a factor leads to. */
export function formOfRoute(route: Route): FormOfRefusal {
  return (req, refused) => {
    const fields: unknown = req.body
    return route.refusedForm?.(typeof fields === 'object' ? fields : null, refused) ?? null
  }
}

/**
 * The reason why nothing may be added or sent here, or `null`: the row was lost, or an operator has closed the account.
 */
async function closedRefusal(
  context: HttpContext,
  { user, subject, grant }: AuthState,
): Promise<Refusal | null> {
  if (context.enrolment === null) return null
  const row = await rowReader(context.flow, subject)()
  if (await areFactorsLost(context, user, row)) return refusal('factors_lost')
  const isClosed = enrolmentOf(row).isClosed && grant === null
  return isClosed ? refusal('second_factor_required') : null
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
    sessionKey: record.key ?? null,
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
      return sendStarted(context, req, res, state, answer.answer)
    case 'changed':
      if (wantsPage(req)) res.redirect(303, context.mountPath + answer.page)
      else res.json(answer.json)
      return null
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
  const { user, subject } = state
  // The application also remembers that this user holds factors, in case the row is lost.
  const anchored = factor.held === undefined ? null : await anchor(context, { user, subject })
  const passing = passSession(context, req, state, { factor, evidence, purpose: 'enrolment' })
  const outcome = await (anchored?.unless(passing) ?? passing)
  if (isRefusal(outcome)) return outcome
  const { status: _passed, ...passed } = passedAnswer(context, state, outcome)
  if (!wantsPage(req)) res.json({ ...json(outcome.proof), ...(isFirst ? passed : {}) })
  else if (isFirst) res.redirect(303, passed.returnTo)
  else await confirmChange(context, req, res, state)
  return null
}

/** Redirects to the status page, which confirms the change once and links back. */
async function confirmChange(
  context: HttpContext,
  req: Request,
  res: Response,
  { subject }: AuthState,
): Promise<void> {
  const record = recordOf(req, subject)
  const returnTo = record.cancelTo ?? record.returnTo
  await saveRecord(req, { ...record, returnTo, hasChanged: true })
  res.redirect(303, challengeUrl(context))
}

/** A person on the way to one of our own pages has been there by now, so they return to the page before it. */
function pastOwnPages({ mountPath }: HttpContext, state: AuthState): AuthState {
  const { record } = state
  const isOurs = record.returnTo?.startsWith(`${mountPath}/`) === true
  return isOurs ? { ...state, record: { ...record, returnTo: record.cancelTo } } : state
}
