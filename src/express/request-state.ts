/** `req.secondFactor`: what a request's handlers may know of its second factor. */

import type { Request } from 'express'

import { SessionError } from '../core/errors.js'
import type { Grant, Method } from '../core/state.js'
import { passedView } from '../flows/factors.js'
import type { HttpContext } from './context.js'

/** Set once a gate, or `check`, has looked; before that, nothing is passed. */
export interface RequestSecondFactor {
  readonly passed: boolean
  readonly method: Method | null
  readonly passedAt: Date | null
  /** Authentication methods as RFC 8176 names them; the password's alone until the second factor is passed. */
  readonly amr: readonly string[]
  /** The authenticator assurance level of NIST SP 800-63B-4; absent where people enrol no factors by themselves. */
  readonly aal?: 1 | 2 | undefined
}

declare global {
  namespace Express {
    interface Request {
      /** Set by `secondFactor.session()`. */
      secondFactor?: RequestSecondFactor
    }
  }
}

/** The user who is logged in, or `null`: applications and Passport leave `undefined`, `null` or `false` for nobody. */
export function userOf(req: Request): Express.User | null {
  const user: unknown = req.user
  return user ? (user as Express.User) : null
}

/** The state of a request without an active grant. */
export function notPassed(req: Pick<Request, 'user'>): RequestSecondFactor {
  return { passed: false, method: null, passedAt: null, amr: req.user ? ['pwd'] : [] }
}

/** The state of a request that holds this grant. */
export function passedBy({ flow }: HttpContext, grant: Grant): RequestSecondFactor {
  const { method, passedAt, amr, aal } = passedView(flow, grant)
  return { passed: true, method, passedAt, amr, ...(aal === undefined ? {} : { aal }) }
}

/**
 * Makes sure that `secondFactor.session()` has seen the request: without it a logout would end no grant.
 *
 * @throws SessionError where it has not.
 */
export function requireSession(req: Request): void {
  if (req.secondFactor === undefined) {
    throw new SessionError(
      'mount secondFactor.session() after passport.session(), before everything else of the second factor',
    )
  }
}
