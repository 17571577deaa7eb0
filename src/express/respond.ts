/** Sends responses: the one place where a refusal becomes a response. */

import type { NextFunction, Request, RequestHandler, Response } from 'express'

import { DirectoryUnavailableError, StoreUnavailableError } from '../core/errors.js'
import { refusal, refusalUntil, type Refusal, type RefusalCode } from '../core/refusal.js'
import { after } from '../core/state.js'
import { emit } from '../flows/context.js'
import { messagePage } from '../pages/message-page.js'
import type { PageBody } from '../pages/page.js'
import { challengeUrl, type HttpContext } from './context.js'
import { isHtmx, isNavigation, wantsPage } from './negotiate.js'
import { problemOf, statusOf, type ProblemExtras } from './problem.js'
import { sendPage } from './send-page.js'

/** The wait after a store fault, in seconds. */
const faultRetrySeconds = 5

/** Makes an async handler. Known faults become refusals, all others Express errors. */
export function handler(
  context: HttpContext,
  work: (req: Request, res: Response, next: NextFunction) => Promise<void>,
): RequestHandler {
  return (req, res, next) => {
    const fail = (error: unknown) => {
      next(faultOf(error))
    }
    work(req, res, next).catch((error: unknown) => {
      const refusal = faultRefusal(context, error)
      if (refusal === null) fail(error)
      else sendRefusal(context, req, res, refusal).catch(fail)
    })
  }
}

/** Express treats `next(undefined)` as success, which would open the gate, and some strings as commands. */
export function faultOf(error: unknown): object {
  if (typeof error === 'object' && error !== null) return error
  return new Error('a callback or a view failed without an error', { cause: error })
}

/** The refusal for a fault of the store or of a `users` callback, or `null`. */
export function faultRefusal(context: HttpContext, error: unknown): Refusal | null {
  if (error instanceof StoreUnavailableError || error instanceof DirectoryUnavailableError) {
    const { code, message } = error
    emit(context.flow, { type: 'fault', code, message })
    const now = context.flow.clock()
    return refusalUntil('store_unavailable', after(now, faultRetrySeconds), now)
  }
  return null
}

/** Sends a refusal: a problem to programs, a page to people. */
export async function sendRefusal(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
  page: PageBody = messagePage,
): Promise<void> {
  if (!wantsPage(req)) {
    sendProblem(context, res, refusal, urlsFor(context, refusal))
    return
  }
  setRetryAfter(res, refusal)
  res.status(statusOf(context.factors, refusal.code))
  await sendPage(context, req, res, page, refusal)
}

/** Sends a refusal to a script, which cannot follow a redirect to a page; htmx goes to `page` by a header. */
export function sendFragmentRefusal(
  context: HttpContext,
  req: Request,
  res: Response,
  refusal: Refusal,
  page: string | null,
): void {
  if (page !== null && isHtmx(req)) res.set('HX-Redirect', page)
  sendProblem(context, res, refusal, urlsFor(context, refusal))
}

/** Sends a refusal to a program. */
export function sendProblem(
  { factors }: HttpContext,
  res: Response,
  refusal: Refusal,
  extras: ProblemExtras,
): void {
  const problem = problemOf(factors, refusal, extras)
  setRetryAfter(res, refusal)
  res.set('Cache-Control', 'no-store').status(problem.status)
  res.type('application/problem+json').send(JSON.stringify(problem))
}

/** Sets `Retry-After` if the refusal has a time. */
export function setRetryAfter(res: Response, refusal: Refusal): void {
  if (refusal.retryAfterSeconds !== undefined) {
    res.set('Retry-After', String(refusal.retryAfterSeconds))
  }
}

/** Responds 405 with the allowed methods; a person who opened the address is redirected to the challenge page. */
export function methodNotAllowed(context: HttpContext, ...allowed: string[]): RequestHandler {
  return handler(context, async (req, res) => {
    if (isNavigation(req)) {
      res.redirect(303, challengeUrl(context))
      return
    }
    res.set('Allow', allowed.join(', '))
    await sendRefusal(context, req, res, refusal('method_not_allowed'))
  })
}

/** The addresses to pass or enrol a second factor, if that helps. */
function urlsFor(context: HttpContext, { code, mustEnrol }: Refusal): ProblemExtras {
  if (!wantsSecondFactor(code)) return {}
  return {
    challengeUrl: challengeUrl(context),
    ...(mustEnrol === true ? { enrolUrl: `${context.mountPath}/factors` } : {}),
  }
}

/** Returns true if passing a second factor now would help. */
export function wantsSecondFactor(code: RefusalCode): boolean {
  return /^second_factor_(?:required|stale|insufficient)$/.test(code)
}
