/** The composition root: options in, a `SecondFactor` out. */

import type { IncomingMessage } from 'node:http'

import type { Request, RequestHandler, Response, Router } from 'express'
import type { Strategy } from 'passport'

import { isRefusal } from './core/refusal.js'
import { createAuthenticate, authenticateRequest } from './express/authenticate.js'
import { createBegin, type BeginOptions } from './express/begin.js'
import type { HttpContext } from './express/context.js'
import { createGate, type GateOptions } from './express/gate.js'
import { createPhoneVerificationRouter } from './express/phone-verification-router.js'
import { problemOf, statusOf } from './express/problem.js'
import { notPassed, passedBy, type RequestSecondFactor } from './express/request-state.js'
import { createReceiptsRouter } from './express/receipts-router.js'
import { faultRefusal, setRetryAfter } from './express/respond.js'
import { createRouter, sameOrigin } from './express/router.js'
import { createSession, markRaised } from './express/session.js'
import { standingOf } from './express/standing.js'
import { keptFieldsOf } from './express/way-back.js'
import { plainSecondFactor, type PlainSecondFactor } from './flows/plain.js'
import { targetsOf } from './flows/target.js'
import type { SecondFactorOptions } from './options.js'
import { resolveOptions } from './resolve-options.js'
import { createStrategy, type Judge } from './passport/strategy.js'

/** The second factor of one application. */
export interface SecondFactor<User = Express.User> extends PlainSecondFactor<User> {
  /** For `passport.use`; its name is `second-factor` unless the `name` option says otherwise. */
  readonly strategy: Strategy & { readonly name: string }

  /** Mount right after `passport.session()`: sets `req.secondFactor`, and lets a login or logout end the grant. */
  session(): RequestHandler

  /** Answers a password login: sends the first code, and leads to the challenge. Mount it behind the first factor. */
  begin(options?: BeginOptions): RequestHandler

  /** Pages and JSON of the challenge, for people whose password was accepted. Mount it at `mountPath`. */
  router(): Router

  /**
   * Endpoints that prove control of a number, for applications without a login; mount them at `/otp`.
   *
   * @throws ConfigurationError where `users` has no `findByPhone` or no `setVerifiedPhone`.
   */
  phoneVerificationRouter(): Router

  /**
   * Endpoints that the vendors of `receipts` report deliveries to: `POST {path}/{name of the source}`. Mount it
   * before body parsers and sessions, at `/receipts` for one.
   *
   * @throws ConfigurationError where there are no `receipts`.
   */
  receiptsRouter(): Router

  /** Lets only sessions through that hold a living grant; with `maxAgeSeconds` only recent ones. */
  gate(options?: GateOptions): RequestHandler

  /**
   * What was typed into the form on this page before a gate with `keepFields` stopped it, to be filled in again;
   * `null` where nothing was. It is text that somebody typed: escape it.
   */
  keptFields(req: Request): Readonly<Record<string, string>> | null

  /** Judges the `code` in a request's body; the next handler runs only after the right one. */
  authenticate(): RequestHandler

  /** Refuses unsafe requests that another site made a browser send, as the router does for its own. */
  sameOrigin(): RequestHandler

  /**
   * Reads whether a request's session has passed, for WebSocket upgrades and ungated routes. The request
   * must have gone through `express-session` and `passport.session()`.
   *
   * @throws StoreUnavailableError where the store does not answer: nobody has passed then.
   */
  check(req: IncomingMessage): Promise<RequestSecondFactor>
}

/**
 * Makes the second factor of an application. Nothing happens here but validation.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
 */
export function createSecondFactor<User extends Express.User = Express.User>(
  options: SecondFactorOptions<User>,
): SecondFactor<User> {
  const { context, name } = resolveOptions(options)
  return {
    ...plainSecondFactor<User>(
      context.flow,
      targetsOf<User>(context.users, context.parsePhone),
      (subject) => {
        context.grants.forget(subject)
      },
    ),
    strategy: createStrategy(name, judgeOf(context)),
    session: () => createSession(context),
    begin: (beginOptions) => createBegin(context, beginOptions),
    router: () => createRouter(context),
    phoneVerificationRouter: () => createPhoneVerificationRouter(context),
    receiptsRouter: () => createReceiptsRouter(context),
    gate: (gateOptions) => createGate(context, gateOptions),
    keptFields: (req) => keptFieldsOf(context, req),
    authenticate: () => createAuthenticate(context),
    sameOrigin: () => sameOrigin(context),
    check: (req) => check(context, req as Request),
  }
}

async function check(context: HttpContext, req: Request): Promise<RequestSecondFactor> {
  const standing = await standingOf(context, req)
  const grant = isRefusal(standing) ? null : standing.grant
  return grant === null ? notPassed(req) : passedBy(grant)
}

/** Judges a request for Passport, whose own login after a success must leave the raised session alone. */
function judgeOf(context: HttpContext): Judge {
  return async (req, options) => {
    const res = req.res as Response
    const outcome = await authenticateRequest(context, req, res).catch((error: unknown) => {
      const refusal = faultRefusal(context, error)
      if (refusal === null) throw error
      return refusal
    })
    if (isRefusal(outcome)) {
      setRetryAfter(res, outcome)
      // Passport takes an info's `type` for the kind of a flash message.
      const { type: _type, detail, ...problem } = problemOf(outcome)
      return { user: false, status: statusOf(outcome.code), info: { ...problem, message: detail } }
    }
    markRaised(req)
    // Passport's own key for the way back, which `successReturnToOrRedirect` reads and clears.
    if ('successReturnToOrRedirect' in options && outcome.wayBack !== undefined) {
      Object.assign(req.session, { returnTo: outcome.wayBack })
    }
    return { user: outcome.user, info: outcome.passed }
  }
}
