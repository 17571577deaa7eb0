/** Judges a request for Passport, whose own login after a success must leave the session as it is. */

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

/** Makes the judge of the strategy. */
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
      // Passport takes an info's `type` for the kind of a flash message.
      const { type: _type, detail, ...facts } = problem
      return { user: false, status: problem.status, info: { ...facts, message: detail } }
    }
    markPassed(req)
    const returnTo = pageToReturnTo(context, outcome.returnTo)
    // Passport's own key for the page to return to, which `successReturnToOrRedirect` reads and clears.
    if ('successReturnToOrRedirect' in options && returnTo !== null) {
      Object.assign(req.session, { returnTo })
    }
    return { user: outcome.user, info: outcome.passed }
  }
}
