/** Answers requests: the one place where a refusal becomes a response. */

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

/** A client told to wait for a store that failed waits this long. */
const faultRetrySeconds = 5

/** A handler that may wait; its faults become refusals where they are known, else errors of Express. */
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

/** The refusal that stands for a fault of the store or of the application's users, or `null`. */
export function faultRefusal(context: HttpContext, error: unknown): Refusal | null {
  if (error instanceof StoreUnavailableError || error instanceof DirectoryUnavailableError) {
    const { code, message } = error
    emit(context.flow, { type: 'fault', code, message })
    const now = context.flow.clock()
    return refusalUntil('store_unavailable', after(now, faultRetrySeconds), now)
  }
  return null
}

/** Answers a refusal: a problem for programs, a page for people. */
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

/** Answers a refusal to a script, which no redirect could lead to a page; `page` is where htmx goes by a header. */
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

/** Answers a refusal to a program. */
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

/** Sets `Retry-After` where the refusal knows a time. */
export function setRetryAfter(res: Response, refusal: Refusal): void {
  if (refusal.retryAfterSeconds !== undefined) {
    res.set('Retry-After', String(refusal.retryAfterSeconds))
  }
}

/** Answers 405 and names the methods that work; leads a person to the page that they are of. */
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

/** Where a second factor is passed, and where one is enrolled, as far as that helps. */
function urlsFor(context: HttpContext, { code, mustEnrol }: Refusal): ProblemExtras {
  if (!wantsSecondFactor(code)) return {}
  return {
    challengeUrl: challengeUrl(context),
    ...(mustEnrol === true ? { enrolUrl: `${context.mountPath}/factors` } : {}),
  }
}

/** Whether a second factor, passed now, would help. */
export function wantsSecondFactor(code: RefusalCode): boolean {
  return /^second_factor_(?:required|stale|insufficient)$/.test(code)
}
