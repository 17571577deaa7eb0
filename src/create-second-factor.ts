/** The composition root: options in, a `SecondFactor` out. */

import type { IncomingMessage } from 'node:http'

import type { Request, RequestHandler, Router } from 'express'
import type { Strategy } from 'passport'

import { ConfigurationError } from './core/errors.js'
import { isRefusal } from './core/refusal.js'
import { authStateOf } from './express/auth-state.js'
import { createAuthenticate } from './express/authenticate.js'
import { createBegin, type BeginOptions } from './express/begin.js'
import type { HttpContext } from './express/context.js'
import { createGate, type GateOptions } from './express/gate.js'
import { createOpenRouter } from './express/open-routes.js'
import { notPassed, passedBy, type RequestSecondFactor } from './express/request-state.js'
import { keptFieldsOf } from './express/return-to.js'
import { createRouter, sameOrigin } from './express/router.js'
import { createSession } from './express/session.js'
import { createWebhookRouter } from './express/webhooks.js'
import type { PhoneContext } from './factors/phone/context.js'
import type { PhoneStatus } from './factors/phone/phone-factor.js'
import { receiptRoutes } from './factors/phone/receipt-routes.js'
import type { Channel } from './factors/phone/rules/part.js'
import type { PhoneChallengeView } from './factors/phone/rules/view.js'
import { verificationRoutes } from './factors/phone/verification-routes.js'
import {
  headlessSecondFactor,
  type HeadlessSecondFactor,
  type HeadlessStartOptions,
  type SubjectStatus as SharedStatus,
} from './flows/headless.js'
import type { SecondFactorOptions } from './options.js'
import { createJudge } from './passport/judge.js'
import { createStrategy } from './passport/strategy.js'
import { resolveOptions } from './resolve-options.js'

/** How a challenge is started without a request. */
export interface StartOptions extends HeadlessStartOptions {
  /**
   * How the code is to travel.
   *
   * @default the running challenge's channel, else the first configured
   */
  readonly channel?: Channel | undefined
}

/** Where a user's second factor stands. The phone's facts are absent where no phone is configured. */
export interface SubjectStatus extends SharedStatus, PhoneStatus {
  readonly challenge: PhoneChallengeView | null
}

/** The second factor of one application. */
export interface SecondFactor<User = Express.User> extends HeadlessSecondFactor<
  User,
  StartOptions,
  PhoneChallengeView,
  SubjectStatus
> {
  /** For `passport.use`; its name is `second-factor` unless the option `strategyName` says otherwise. */
  readonly strategy: Strategy & { readonly name: string }

  /** Sets `req.secondFactor`, and lets a login or logout end the grant. Mount it right after `passport.session()`. */
  session(): RequestHandler

  /** Answers a password login: starts the first challenge, and leads to it. Mount it behind the first factor. */
  begin(options?: BeginOptions): RequestHandler

  /** Pages and JSON of the second factor, for people whose password was accepted. Mount it at `mountPath`. */
  router(): Router

  /**
   * Endpoints that prove control of a phone, for applications without a login; mount them at `/otp`.
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

  /** Lets only sessions through that hold an active grant; with `maxAgeSeconds` only recent ones. */
  gate(options?: GateOptions): RequestHandler

  /**
   * The input of the form on this page before a gate with `keepFields` stopped it, to be filled in again;
   * `null` where there was none. A person typed it: escape it.
   */
  keptFields(req: Request): Readonly<Record<string, string>> | null

  /** Judges the evidence in a request's body; the next handler runs only after a right answer. */
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
 * @example
 * const secondFactor = createSecondFactor({
 *   secret: process.env.SECOND_FACTOR_SECRET,
 *   store: sequelizeStore({ sequelize }),
 *   sender: twilioSender({ accountSid, authToken, from }),
 *   users: { id: (user) => user.id, phone: (user) => user.phone },
 * })
 */
export function createSecondFactor<User extends Express.User = Express.User>(
  options: SecondFactorOptions<User>,
): SecondFactor<User> {
  const { context, users, strategyName, phone } = resolveOptions(options)
  const headless = headlessSecondFactor({ ...context, users })
  return {
    // The phone's own facts are there where the phone is configured, as the types say.
    ...(headless as HeadlessSecondFactor<User, StartOptions, PhoneChallengeView, SubjectStatus>),
    strategy: createStrategy(strategyName, createJudge(context)),
    session: () => createSession(context),
    begin: (beginOptions) => createBegin(context, beginOptions),
    router: () => createRouter(context),
    phoneVerificationRouter: () =>
      createOpenRouter(context, verificationRoutes(needPhone(phone, 'phoneVerificationRouter'))),
    receiptsRouter: () => createReceiptsRouter(context, options, phone),
    gate: (gateOptions) => createGate(context, gateOptions),
    keptFields: (req) => keptFieldsOf(context, req),
    authenticate: () => createAuthenticate(context),
    sameOrigin: () => sameOrigin(context),
    check: (req) => check(context, req as Request),
  }
}

function createReceiptsRouter<User>(
  context: HttpContext,
  { receipts = [] }: SecondFactorOptions<User>,
  phone: PhoneContext<User> | null,
): Router {
  if (receipts.length === 0) {
    throw new ConfigurationError(
      'receiptsRouter() needs the option receipts, such as [twilioReceipts({ … })]; give it',
      'receipts',
    )
  }
  return createWebhookRouter(context, receiptRoutes(needPhone(phone, 'receiptsRouter'), receipts))
}

function needPhone<User>(phone: PhoneContext<User> | null, caller: string): PhoneContext<User> {
  if (phone !== null) return phone
  throw new ConfigurationError(`${caller}() needs a sender or a verifier; give one`, 'sender')
}

async function check(context: HttpContext, req: Request): Promise<RequestSecondFactor> {
  const state = await authStateOf(context, req)
  const grant = isRefusal(state) ? null : state.grant
  return grant === null ? notPassed(req) : passedBy(context, grant)
}
