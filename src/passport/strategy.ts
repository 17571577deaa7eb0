/** The Passport strategy: a thin wrapper around a judge that is safe to share between concurrent requests. */

import type { Request } from 'express'
import type { Strategy } from 'passport'
import { Strategy as CustomStrategy } from 'passport-custom'

import { faultOf } from '../express/respond.js'

/** The verdict on a request. */
export type Verdict =
  | { readonly user: Express.User; readonly info: object }
  | { readonly user: false; readonly info: object; readonly status: number }

/** Judges a request. It resolves to a failed verdict for a refusal, and rejects only for a fault. */
export type Judge = (req: Request, options: object) => Promise<Verdict>

/** The five callbacks that Passport sets on a strategy. */
type Actions = Record<
  'success' | 'fail' | 'redirect' | 'pass' | 'error',
  (...told: unknown[]) => void
>

/**
 * Makes the strategy. Passport sets its five callbacks on the strategy object for each request. When
 * `passport.authenticate` gets an instance, all requests share that object, and an asynchronous result could reach
 * another user's request. So each request gets its own copy with its own callbacks.
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
      // passport-custom does not pass a status on, so the verdict carries it.
      attempt.fail = (verdict) => {
        const { info, status } = verdict as Extract<Verdict, { user: false }>
        fail(info, status)
      }
      attempt.authenticate(req, options)
    },
  } as Strategy & { readonly name: string }
}
