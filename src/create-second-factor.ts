/** The composition root: options in, a `SecondFactor` out. */

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
import { importByOperator } from './flows/operators.js'
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

/** How a challenge is started without a request. */
export interface StartOptions extends HeadlessStartOptions, ShippedStartOptions {}

/** Where a user's second factor stands. */
export interface SubjectStatus extends SharedStatus, ShippedStatus {
  readonly challenge: ShippedChallengeView | null
}

/** The calls without a request, with the facts of the factors that come with the package. */
type HeadlessCalls<User> = HeadlessSecondFactor<
  User,
  StartOptions,
  ShippedChallengeView,
  SubjectStatus
>

/** The second factor of one application. */
export interface SecondFactor<User = Express.User>
  extends HeadlessCalls<User>, ShippedCalls<User>, ShippedLimits, ShippedRouters {
  /** For `passport.use`; its name is `second-factor` unless the option `strategyName` says otherwise. */
  readonly strategy: Strategy & { readonly name: string }

  /**
   * Sets `req.secondFactor`, and lets a login or logout end the grant. Mount it right after `passport.session()`. Outside
   * production it prints each route once that answers the password alone and that no gate has seen.
   */
  session(options?: SessionOptions): RequestHandler

  /**
   * The routes that have answered sessions with the password alone and that no gate has seen, such as `GET /orders/:id`:
   * 500 at most, of this process. Routes above `session()` are not seen.
   *
   * @example
   * console.table(secondFactor.openRoutes())
   */
  openRoutes(): readonly string[]

  /** Answers a password login: starts the first challenge, and leads to it. Mount it behind the first factor. */
  begin(options?: BeginOptions): RequestHandler

  /** Pages and JSON of the second factor, for people whose password was accepted. Mount it at `mountPath`. */
  router(): Router

  /**
   * Lets only sessions through that hold an active grant; with `maxAgeSeconds` only recent ones, with
   * `anonymous: 'pass'` also requests without any login.
   */
  gate(options?: GateOptions): RequestHandler

  /**
   * The input of the form on this page before a gate with `keepFields` stopped it, to be filled in again;
   * `null` where there was none. A person typed it: escape it.
   */
  keptFields(req: Request): Readonly<Record<string, string>> | null

  /**
   * Why the person has to log in again, for the page of the password login: `login_expired` where a login has waited
   * too long for its second factor, or its second factor has lapsed; `null` where there is nothing to say.
   */
  notice(req: Request): 'login_expired' | null

  /**
   * Judges the evidence in a request's body; the next handler runs only after a right answer. Evidence of a method that
   * the options do not name is refused without being judged.
   */
  authenticate(options?: AuthenticateOptions): RequestHandler

  /**
   * Answers load balancers: 200 while people can pass, 503 while nobody can, and in JSON what is wrong. It needs no
   * session; mount it at `/healthz` for one, above everything that does.
   */
  healthHandler(options?: HealthOptions): RequestHandler

  /**
   * Pages and JSON for operators: how things stand, and what can be done for a person. Mount it behind `session()`, at
   * `/ops/second-factor` for one. It takes a second factor, and one of the last five minutes for actions.
   *
   * @throws ConfigurationError without `authorize`.
   * @example
   * app.use('/ops/second-factor', secondFactor.operationsRouter({ authorize: (req) => req.user?.role === 'operator' }))
   */
  operationsRouter(options: OperationsRouterOptions): Router

  /** Refuses unsafe requests that another site made a browser send, as the router does for its own. */
  sameOrigin(): RequestHandler

  /**
   * Reads whether a gate would let a request pass, for WebSocket upgrades and ungated routes: its session has passed,
   * or `users.isRequired` waives the second factor for its user, who then has passed by no method. The request must
   * have gone through `express-session` and `passport.session()`.
   *
   * `options` are those of the gate, without `keepFields`; on a trusted device nobody has passed for a step-up.
   *
   * @throws StoreUnavailableError or DirectoryUnavailableError where nobody knows: nobody has passed then.
   */
  check(req: IncomingMessage, options?: NeedOptions): Promise<RequestSecondFactor>
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
  const { context, users, strategyName, shipped } = resolveOptions(options)
  // A factor that is not configured adds no facts of its own, as the types say.
  const calls = headlessSecondFactor({ ...context, users }) as HeadlessCalls<User>
  return {
    ...calls,
    ...shippedCalls<User>((user, secret, by) =>
      importByOperator({ ...context, users }, user, secret, by),
    ),
    ...shipped.limits,
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
