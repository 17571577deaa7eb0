/** The Passport strategy: a thin skin over a judge of requests, immune to being shared between them. */

import type { Request } from 'express'
import type { Strategy } from 'passport'
import { Strategy as CustomStrategy } from 'passport-custom'

import { faultOf } from '../express/respond.js'

/** What a judge says of a request. */
export type Verdict =
  | { readonly user: Express.User; readonly info: object }
  | { readonly user: false; readonly info: object; readonly status: number }

/** Judges a request; what it rejects with is a fault, never a no. */
export type Judge = (req: Request, options: object) => Promise<Verdict>

/** The five things a strategy may tell Passport. */
type Actions = Record<
  'success' | 'fail' | 'redirect' | 'pass' | 'error',
  (...told: unknown[]) => void
>

/**
 * Makes the strategy. Passport writes its five actions onto the strategy object for each request, and
 * onto one shared object where `passport.authenticate` is given an instance; an answer that comes later
 * would then go to another user's request. So each request gets a copy holding exactly those five.
 */
export function createStrategy(name: string, judge: Judge): Strategy & { readonly name: string } {
  const custom = new CustomStrategy({ passOptionsToCallback: true }, (req, options, done) => {
    judge(req, (options ?? {}) as object).then(
      (verdict) => {
        done(null, verdict.user, verdict.user === false ? verdict : verdict.info)
      },
      (error: unknown) => {
        done(faultOf(error))
      },
    )
  })
  return {
    name,
    authenticate(this: Actions, req: Request, options?: object) {
      const { success, fail, redirect, pass, error } = this
      const attempt = Object.create(custom) as typeof custom & Actions
      Object.assign(attempt, { success, redirect, pass, error })
      // passport-custom hands no status on; the verdict carries it past.
      attempt.fail = (verdict) => {
        const { info, status } = verdict as Extract<Verdict, { user: false }>
        fail(info, status)
      }
      attempt.authenticate(req, options)
    },
  } as Strategy & { readonly name: string }
}
