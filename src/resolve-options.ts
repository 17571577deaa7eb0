/** Validates the options of `createSecondFactor`, and builds the contexts of the flows and of Express from them. */

import { ConfigurationError } from './core/errors.js'
import { createKeyRing, keyIdsOf, type KeyRing } from './core/keys.js'
import { assertKnownOptions } from './core/known-options.js'
import { resolvePolicy } from './core/policy.js'
import type { HttpContext } from './express/context.js'
import { resolveCsrf } from './express/csrf-field.js'
import { trustedOrigin } from './express/origin-check.js'
import { returnPath } from './express/return-path.js'
import { auditTrail } from './flows/audit/audit.js'
import { faultsToConsole } from './flows/console-faults.js'
import { wholeMilliseconds, type FlowContext } from './flows/context.js'
import { grantReader } from './flows/grant-reader.js'
import { toolsOf } from './flows/tools.js'
import { createUsers, type Users } from './flows/users.js'
import type { SecondFactorOptions, UserDirectory } from './options.js'
import { countEvents } from './operations/count-events.js'
import { resolveOperations } from './operations/options.js'
import { resolvePages, type PagesOptions } from './pages/options.js'
import type { EventSink } from './ports/event-sink.js'
import type { Factor } from './ports/factor.js'
import { resolveEnrolment } from './resolve-enrolment.js'
import { resolveTrust } from './resolve-trust.js'
import {
  createShipped,
  shippedDirectoryNames,
  shippedOptionNames,
  type Shipped,
} from './shipped-factors.js'

/** The names of all options. The type makes the list complete. */
const optionNames: Readonly<Record<keyof SecondFactorOptions<unknown>, true>> = {
  ...shippedOptionNames,
  secret: true,
  store: true,
  users: true,
  factors: true,
  enrolment: true,
  trustedDevices: true,
  policy: true,
  events: true,
  audit: true,
  operations: true,
  appName: true,
  strategyName: true,
  basePath: true,
  mountPath: true,
  loginPath: true,
  logoutPath: true,
  logoutMethod: true,
  defaultReturnTo: true,
  origins: true,
  pages: true,
  grantCacheSeconds: true,
  storeTimeoutSeconds: true,
  clock: true,
}

const userNames: Readonly<Record<keyof UserDirectory<unknown>, true>> = {
  ...shippedDirectoryNames,
  id: true,
  locale: true,
  isRequired: true,
  label: true,
  credentialVersion: true,
  hasFactors: true,
  setHasFactors: true,
}

/** The parts of a `SecondFactor`. */
export interface Resolved<User> {
  readonly context: HttpContext
  readonly users: Users<User>
  readonly strategyName: string
  readonly shipped: Shipped<User>
}

/**
 * Validates every option and fills in the defaults.
 *
 * @throws ConfigurationError naming the invalid option and how to fix it.
 */
export function resolveOptions<User extends Express.User>(
  options: SecondFactorOptions<User>,
): Resolved<User> {
  assertKnownOptions('createSecondFactor', options, optionNames)
  const { store, events, audit, appName = '', clock = Date.now } = options
  const { strategyName = 'second-factor', origins = [], factors: definitions = [] } = options
  const { logoutMethod = 'POST' } = options
  const isName = typeof strategyName === 'string' && strategyName !== ''
  demand('strategyName', isName, `must be a non-empty string, such as 'second-factor'`)
  demand('logoutMethod', ['GET', 'POST'].includes(logoutMethod), `must be 'GET' or 'POST'`)
  demand('clock', typeof clock === 'function', 'must be a function that returns milliseconds')
  demand('origins', Array.isArray(origins), `must be an array, such as ['https://example.com']`)
  demand('factors', areDefinitions(definitions), 'must be an array of factors, such as [totp()]')
  need('store', store, ['read', 'compareAndSwap', 'delete'], 'sequelizeStore({ sequelize })')
  need('users', options.users, ['id'], '{ id: (user) => user.id, … }')
  // An instance of a class may have other members besides the callbacks.
  if (isPlain(options.users)) assertKnownOptions('users', options.users, userNames)
  if (events !== undefined) need('events', events, ['emit'], '{ emit(event) { … } }')
  if (audit !== undefined) {
    need('audit', audit, ['append', 'settle', 'read'], 'sequelizeAudit({ sequelize })')
  }

  const counts = resolveOperations(options.operations)
  const counting = counts === null ? null : countEvents(counts)
  const sink = events ?? faultsToConsole()
  const factors: Factor<User>[] = []
  let ring: KeyRing | undefined
  // Made on demand, because hosted codes need no secret.
  const keys = () => (ring ??= createKeyRing(options.secret ?? ''))
  const trail = audit === undefined ? undefined : auditTrail(audit, () => flow)
  const flow: FlowContext = {
    ...{ store, factors, events: counting === null ? sink : both(counting, sink), audit: trail },
    closers: [
      ...(trail === undefined ? [] : [() => trail.flush()]),
      ...(counting === null ? [] : [counting.flush]),
    ],
    clock: wholeMilliseconds(clock),
    keys,
    policy: resolvePolicy(options.policy),
    storeTimeoutSeconds: seconds('storeTimeoutSeconds', options.storeTimeoutSeconds ?? 5, 0.001),
  }
  const cacheSeconds = seconds('grantCacheSeconds', options.grantCacheSeconds ?? 0, 0)
  const tools = toolsOf(flow, { appName })
  const shipped = createShipped(options, tools)
  const own = definitions.map((definition) => definition.create(tools))
  factors.push(...strongestFirst([...own, ...shipped.factors]))
  checkFactors(factors)

  const basePath = path('basePath', options.basePath ?? '/').replace(/\/+$/, '')
  demand('basePath', !basePath.includes('?'), `must be a path without a query, such as '/app'`)
  const onSite = (option: string, value: string) => below(basePath, path(option, value))
  const users = createUsers<User>(options.users)
  const enrolment = resolveEnrolment(options.enrolment, { factors, store, users: options.users })
  const context: HttpContext = {
    flow,
    factors,
    users,
    grants: grantReader(flow, cacheSeconds),
    enrolment,
    trust: resolveTrust(options.trustedDevices, flow.policy),
    basePath,
    mountPath: onSite('mountPath', options.mountPath ?? '/second-factor').replace(/\/+$/, ''),
    loginPath: options.loginPath === undefined ? null : onSite('loginPath', options.loginPath),
    logoutPath: options.logoutPath === undefined ? null : onSite('logoutPath', options.logoutPath),
    logoutMethod,
    defaultReturnTo: onSite('defaultReturnTo', options.defaultReturnTo ?? '/'),
    origins: origins.map(trustedOrigin),
    appName,
    counts,
    pages: resolvePages(pagesOf(options), onSite, [
      ...factors.flatMap(({ pageNames }) => pageNames),
      ...(enrolment === null ? [] : ['factors']),
      'message',
    ]),
    csrf: resolveCsrf(options.pages?.csrf),
  }
  store.claim?.(keyIdsOf(options.secret ?? []))
  return { context, users, strategyName, shipped }
}

/** Makes a sink that counts each event and passes it on. */
function both(counting: EventSink, sink: EventSink): EventSink {
  return {
    emit(event) {
      counting.emit(event)
      return sink.emit(event)
    },
  }
}

/**
 * Sorts phishing-resistant factors first and backups last. Others keep the order of the options.
 */
function strongestFirst<User>(factors: readonly Factor<User>[]): readonly Factor<User>[] {
  const rank = ({ isBackup, isPhishingResistant }: Factor<User>) =>
    isBackup === true ? 2 : isPhishingResistant ? 0 : 1
  return factors.toSorted((left, right) => rank(left) - rank(right))
}

/** Requires at least one factor, and a unique kind and method for each. */
function checkFactors(factors: readonly Factor<never>[]): void {
  if (factors.length === 0) {
    throw new ConfigurationError(
      'no factor is configured: give a sender, such as twilioSender({ … }) or consoleSender(), a verifier, such as ' +
        'twilioVerify({ … }), or factors, such as [totp()]',
    )
  }
  for (const name of ['kind', 'method'] as const) {
    const names = factors.map((factor) => factor[name])
    const twice = names.find((each, index) => names.indexOf(each) !== index)
    demand('factors', twice === undefined, `contains two factors with the ${name} '${twice ?? ''}'`)
  }
}

function isPlain(value: object): boolean {
  return [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)
}

function areDefinitions(factors: unknown): boolean {
  return (
    Array.isArray(factors) &&
    factors.every(
      (each: unknown) =>
        typeof each === 'object' &&
        each !== null &&
        typeof Reflect.get(each, 'create') === 'function',
    )
  )
}

function pagesOf({ pages = {} }: Pick<SecondFactorOptions<never>, 'pages'>): PagesOptions {
  const { views, csrf: _csrf, ...look } = pages
  return views === undefined ? look : { ...look, views: { ...views } }
}

function demand(option: string, holds: boolean, remedy: string): void {
  if (!holds) throw new ConfigurationError(`${option} ${remedy}`, option)
}

function need(option: string, value: unknown, verbs: readonly string[], example: string): void {
  const input = typeof value === 'object' && value !== null ? value : {}
  const isWhole = verbs.every((verb) => typeof Reflect.get(input, verb) === 'function')
  demand(
    option,
    isWhole,
    `must have ${verbs.map((verb) => `${verb}()`).join(', ')}; give ${example}`,
  )
}

function seconds(option: string, value: number, least: number): number {
  const isInBounds = Number.isFinite(value) && value >= least && value <= 60
  demand(option, isInBounds, `must be a number of seconds from ${least} to 60`)
  return value
}

function path(option: string, value: string): string {
  const safe = returnPath(value)
  if (safe !== null) return safe
  throw new ConfigurationError(`${option} must be a path on this origin, such as '/login'`, option)
}

/** Prepends the prefix that the proxy strips, unless the path already starts with it. */
function below(basePath: string, value: string): string {
  const isBelow = value === basePath || /^[/?]/.test(value.slice(basePath.length))
  return value.startsWith(basePath) && isBelow ? value : basePath + value
}
