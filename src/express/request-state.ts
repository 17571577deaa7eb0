/** `req.secondFactor`: the second factor's state, for the handlers of a request. */

import type { Request } from 'express'

import { SessionError } from '../core/errors.js'
import type { Grant, Method } from '../core/state.js'
import { passedView } from '../flows/factors.js'
import type { HttpContext } from './context.js'

/** The state of a request. It is filled in by a gate or `check`; until then `passed` is false. */
export interface RequestSecondFactor {
  readonly passed: boolean
  readonly method: Method | null
  readonly passedAt: Date | null
  /** Authentication methods (RFC 8176); only the password's until the second factor is passed. */
  readonly amr: readonly string[]
  /** The authenticator assurance level (NIST SP 800-63B-4); absent if people cannot enrol factors themselves. */
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

/** The logged-in user, or `null`. Applications and Passport use `undefined`, `null` or `false` for nobody. */
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
 * Asserts that `secondFactor.session()` has seen the request. Without it a logout would not end the grant.
 *
 * @throws SessionError if it has not.
 */
export function requireSession(req: Request): void {
  if (req.secondFactor === undefined) {
    throw new SessionError(
      'mount secondFactor.session() after passport.session(), before everything else of the second factor',
    )
  }
}
