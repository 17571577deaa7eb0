/** Judges a request for Passport. Passport then logs the user in again, which must not change the session. */

import type { Response } from 'express'

import { isRefusal } from '../core/refusal.js'
import { pageToReturnTo } from '../express/address.js'
import {
  authenticateRequest,
  resolveMethods,
  type AuthenticateOptions,
} from '../express/authenticate.js'
import type { HttpContext } from '../express/context.js'
import { problemOf } from '../express/problem.js'
import { faultRefusal, setRetryAfter } from '../express/respond.js'
import { markPassed } from '../express/session.js'
import type { Judge } from './strategy.js'

/** Makes the strategy's judge. */
export function createJudge(context: HttpContext): Judge {
  return async (req, options) => {
    const res = req.res as Response
    const { factors, phishingResistant } = options as AuthenticateOptions
    const methods = resolveMethods(context, 'authenticate', { factors, phishingResistant })
    const outcome = await authenticateRequest(context, req, res, methods).catch(
      (error: unknown) => {
        const fault = faultRefusal(context, error)
        if (fault === null) throw error
        return fault
      },
    )
    if (isRefusal(outcome)) {
      setRetryAfter(res, outcome)
      const problem = problemOf(context.factors, outcome)
      // Passport uses `info.type` as the category of a flash message.
      const { type: _type, detail, ...facts } = problem
      return { user: false, status: problem.status, info: { ...facts, message: detail } }
    }
    markPassed(req)
    const returnTo = pageToReturnTo(context, outcome.returnTo)
    // Passport's `successReturnToOrRedirect` reads and clears `session.returnTo`.
    if ('successReturnToOrRedirect' in options && returnTo !== null) {
      Object.assign(req.session, { returnTo })
    }
    return { user: outcome.user, info: outcome.passed }
  }
}
