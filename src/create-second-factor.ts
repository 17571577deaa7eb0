/** The composition root: makes a `SecondFactor` from its options. */

import type { IncomingMessage } from 'node:http'

import type { Request, RequestHandler, Router } from 'express'
import type { Strategy } from 'passport'

import { assertKnownOptions } from './core/known-options.js'
import { needRefusal } from './core/need.js'
import { isRefusal } from './core/refusal.js'
import { authStateOf } from './express/auth-state.js'
import { createAuthenticate, type AuthenticateOptions } from './express/authenticate.js'
import { createBegin, type BeginOptions } from './express/begin.js'
import type { HttpContext } from './express/context.js'
import { createGate, type GateOptions } from './express/gate.js'
import { createHealthHandler } from './express/health-handler.js'
import { createOpenRouter } from './express/open-routes.js'
import { notPassed, passedBy, type RequestSecondFactor } from './express/request-state.js'
import { keptFieldsOf } from './express/return-to.js'
import { needNames, resolveNeed, type NeedOptions } from './express/resolve-need.js'
import { markGuarded, openRoutesOf } from './express/route-audit.js'
import type { OperationsRouterOptions } from './express/operations-options.js'
import { createOperationsRouter } from './express/operations-router.js'
import { createRouter, sameOrigin } from './express/router.js'
import { createSession, type SessionOptions } from './express/session.js'
import { noticeOf } from './express/session-record.js'
import { isWaived } from './express/waived.js'
import { createWebhookRouter } from './express/webhooks.js'
import {
  headlessSecondFactor,
  type HeadlessSecondFactor,
  type HeadlessStartOptions,
} from './flows/headless.js'
import type { HealthOptions } from './flows/health.js'
import { importByOperator, recorded } from './flows/operators.js'
import type { SubjectStatus as SharedStatus } from './flows/subject-status.js'
import type { SecondFactorOptions } from './options.js'
import { createJudge } from './passport/judge.js'
import { createStrategy } from './passport/strategy.js'
import { resolveOptions } from './resolve-options.js'
import { shippedCalls } from './shipped-factors.js'
import type {
  ShippedCalls,
  ShippedChallengeView,
  ShippedLimits,
  ShippedRouters,
  ShippedStartOptions,
  ShippedStatus,
} from './shipped-factors.js'

/** The options of `start`. */
export interface StartOptions extends HeadlessStartOptions, ShippedStartOptions {}

/** The status of a user's second factor. */
export interface SubjectStatus extends SharedStatus, ShippedStatus {
  readonly challenge: ShippedChallengeView | null
}

/** The headless calls, with the options and facts of the built-in factors. */
type HeadlessCalls<User> = HeadlessSecondFactor<
  User,
  StartOptions,
  ShippedChallengeView,
  SubjectStatus
>

/** The second factor of one application. */
export interface SecondFactor<User = Express.User>
  extends HeadlessCalls<User>, ShippedCalls<User>, ShippedLimits, ShippedRouters {
  /** The strategy for `passport.use`, named after the option `strategyName`. */
  readonly strategy: Strategy & { readonly name: string }

  /**
   * Sets `req.secondFactor`, and lets a login or logout end the grant. Mount it right after `passport.session()`.
   * Outside production it prints each route once that answers the password alone and that no gate has seen.
   */
  session(options?: SessionOptions): RequestHandler

  /**
   * Returns the routes of this process that answered sessions with only the password and have no gate, such as
   * `GET /orders/:id`: at most 500. Does not see routes above `session()`.
   *
   * @example
   * console.table(secondFactor.openRoutes())
   */
  openRoutes(): readonly string[]

  /**
   * Completes a password login: starts the first challenge and redirects to it. Mount it after the password handler.
   */
  begin(options?: BeginOptions): RequestHandler

  /**
   * The pages and the JSON API of the second factor, for users whose password was accepted. Mount it at `mountPath`.
   */
  router(): Router

  /**
   * Lets only sessions with an active grant through; with `maxAgeSeconds`, only those that passed recently; with
   * `anonymous: 'pass'`, also requests without a login.
   */
  gate(options?: GateOptions): RequestHandler

  /**
   * Returns the input of this page's form that a gate with `keepFields` stopped, to fill in again; `null` if there is
   * none. Escape it: it is user input.
   */
  keptFields(req: Request): Readonly<Record<string, string>> | null

  /**
   * Returns the reason to log in again, for the login page: `login_expired` if the login waited too long for its second
   * factor, or the grant expired; otherwise `null`.
   */
  notice(req: Request): 'login_expired' | null

  /**
   * Judges the evidence in a request's body. The next handler runs only after a right answer. Evidence for a method
   * that the options exclude is refused without being judged.
   */
  authenticate(options?: AuthenticateOptions): RequestHandler

  /**
   * A health check for load balancers: 200 if people can pass, 503 if nobody can, with the details in JSON. It needs no
   * session. Mount it before the session middleware, such as at `/healthz`.
   */
  healthHandler(options?: HealthOptions): RequestHandler

  /**
   * Pages and a JSON API for operators: the state of the second factor, and actions on a user. Mount it after
   * `session()`, such as at `/ops/second-factor`. Operators need a second factor, and a recent one, of the last five
   * minutes, for actions.
   *
   * @throws ConfigurationError without `authorize`.
   * @example
   * app.use('/ops/second-factor', secondFactor.operationsRouter({ authorize: (req) => req.user?.role === 'operator' }))
   */
  operationsRouter(options: OperationsRouterOptions): Router

  /** Refuses cross-site requests with an unsafe method, as the router does for its own endpoints. */
  sameOrigin(): RequestHandler

  /**
   * Checks if a gate would let a request through, for WebSocket upgrades and routes without a gate. `passed` is true if
   * the session has passed, or if `users.isRequired` waives the second factor, in which case there is no method. The
   * request must have gone through `express-session` and `passport.session()`.
   *
   * `options` are those of the gate without `keepFields`. A login on a trusted device does not count for a step-up.
   *
   * @throws StoreUnavailableError or DirectoryUnavailableError if the state is unknown. Treat it as not passed.
   */
  check(req: IncomingMessage, options?: NeedOptions): Promise<RequestSecondFactor>
}

/**
 * Makes the second factor of an application. Validates the options and opens no connections.
 *
 * @throws ConfigurationError naming the invalid option and how to fix it.
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
  const { context, users, strategyName, shipped } = resolveOptions(options)
  // The facts of a factor that is not configured are absent, as the types allow.
  const calls = headlessSecondFactor({ ...context, users }) as HeadlessCalls<User>
  return {
    ...calls,
    ...shippedCalls<User>((user, secret, by) =>
      importByOperator({ ...context, users }, user, secret, by),
    ),
    ...shipped.limits((action, work) => recorded(context.flow, action, work)),
    ...shipped.routers({
      open: (routes) => createOpenRouter(context, routes),
      webhooks: (webhooks) => createWebhookRouter(context, webhooks),
    }),
    strategy: createStrategy(strategyName, createJudge(context)),
    session: (sessionOptions) => createSession(context, sessionOptions),
    openRoutes: () => openRoutesOf(context),
    begin: (beginOptions) => createBegin(context, beginOptions),
    router: () => createRouter(context),
    gate: (gateOptions) => createGate(context, gateOptions),
    keptFields: (req) => keptFieldsOf(context, req),
    notice: (req) => noticeOf(req),
    authenticate: (authenticateOptions) => createAuthenticate(context, authenticateOptions),
    healthHandler: (healthOptions = {}) => createHealthHandler(context, healthOptions),
    operationsRouter: (routerOptions) =>
      createOperationsRouter({ http: context, calls, options: routerOptions }),
    sameOrigin: () => sameOrigin(context),
    check: (req, needs) => check(context, req as Request, needs),
  }
}

async function check(
  context: HttpContext,
  req: Request,
  options: NeedOptions = {},
): Promise<RequestSecondFactor> {
  assertKnownOptions('check', options, needNames)
  const need = resolveNeed(context, 'check', options)
  markGuarded(req)
  const state = await authStateOf(context, req)
  const grant = isRefusal(state) ? null : state.grant
  if (grant !== null) {
    const isEnough = needRefusal(grant, context.flow.clock(), need) === null
    return { ...passedBy(context, grant), passed: isEnough }
  }
  const isStepUp = need.maxAgeSeconds !== undefined || need.methods !== undefined
  return { ...notPassed(req), passed: (await isWaived(context, req, isStepUp)) === true }
}
