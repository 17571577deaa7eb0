/** Checks the options of `createSecondFactor` once, and makes of them what the rest works with. */

import { createKeyRing } from './core/code.js'
import { ConfigurationError } from './core/errors.js'
import { messageComposer } from './core/message.js'
import { examplePhone, phoneParser, spellPhone } from './core/phone.js'
import { resolvePolicy } from './core/policy.js'
import type { HttpContext } from './express/context.js'
import { checkedSources } from './express/receipts-router.js'
import { returnPath } from './express/return-path.js'
import type { FlowContext } from './flows/context.js'
import { hostedDelivery, localDelivery } from './flows/delivery.js'
import { grantReader } from './flows/grant-reader.js'
import { createUsers } from './flows/users.js'
import { checkedViews, resolvePages } from './pages/options.js'
import type { CodeSender } from './ports/code-sender.js'
import type { SecondFactorOptions } from './options.js'

/** Every option, so that a misspelt one is an error; the type keeps the list whole. */
const optionNames: Readonly<Record<keyof SecondFactorOptions<unknown>, true>> = {
  secret: true,
  store: true,
  sender: true,
  verifier: true,
  receipts: true,
  users: true,
  policy: true,
  phone: true,
  message: true,
  events: true,
  appName: true,
  name: true,
  mountPath: true,
  loginPath: true,
  logoutPath: true,
  defaultReturnTo: true,
  origins: true,
  pages: true,
  views: true,
  grantCacheSeconds: true,
  storeTimeoutSeconds: true,
  clock: true,
}

/**
 * Checks every option once and fills in the defaults.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
 */
export function resolveOptions<User extends Express.User>(
  options: SecondFactorOptions<User>,
): { context: HttpContext; name: string } {
  for (const key of Object.keys(options)) {
    if (!Object.hasOwn(optionNames, key)) {
      throw new ConfigurationError(
        `${key} is not an option; the options are ${Object.keys(optionNames).join(', ')}`,
      )
    }
  }
  const { store, users, events, appName = '', clock = Date.now } = options
  const { name = 'second-factor', origins = [] } = options
  demand(typeof name === 'string' && name !== '', `name must be a text, such as 'second-factor'`)
  demand(typeof clock === 'function', 'clock must be a function that returns milliseconds')
  demand(Array.isArray(origins), `origins must be a list, such as ['https://example.com']`)
  need('store', store, ['read', 'compareAndSwap', 'delete'], 'sequelizeStore({ sequelize })')
  need('users', users, ['id', 'phone'], '{ id: (user) => user.id, phone: (user) => user.phone }')
  if (events !== undefined) need('events', events, ['emit'], '{ emit(event) { … } }')
  const parsePhone = phoneParser(options.phone)
  const receipts = checkedSources(options.receipts)
  const mayReport = receipts.length === 0 || options.verifier === undefined
  demand(mayReport, 'receipts go with a sender; the vendor of a verifier reports no deliveries')
  const flow: FlowContext = {
    ...codesOf(options, appName),
    store,
    events,
    clock,
    keepsReceipts: receipts.length > 0,
    storeTimeoutSeconds: seconds('storeTimeoutSeconds', options.storeTimeoutSeconds ?? 5, 0.001),
  }
  const cacheSeconds = seconds('grantCacheSeconds', options.grantCacheSeconds ?? 0, 0)
  const context: HttpContext = {
    flow,
    users: createUsers<User>(users, parsePhone),
    grants: grantReader(flow, cacheSeconds),
    parsePhone,
    examplePhone: examplePhone(options.phone),
    spellPhone: (text) => spellPhone(text, parsePhone),
    receipts,
    mountPath: path('mountPath', options.mountPath ?? '/second-factor').replace(/\/+$/, ''),
    loginPath: options.loginPath === undefined ? null : path('loginPath', options.loginPath),
    logoutPath: options.logoutPath === undefined ? null : path('logoutPath', options.logoutPath),
    defaultReturnTo: path('defaultReturnTo', options.defaultReturnTo ?? '/'),
    origins: origins.map(origin),
    appName,
    pages: resolvePages(options.pages ?? {}, path),
    views: checkedViews(options.views ?? {}),
  }
  return { context, name }
}

/** Who makes the codes and how they travel: our own by senders, or a vendor's. */
function codesOf(
  options: Pick<
    SecondFactorOptions<unknown>,
    'sender' | 'verifier' | 'secret' | 'policy' | 'message'
  >,
  appName: string,
): Pick<FlowContext, 'policy' | 'keys' | 'delivery' | 'verifier'> {
  const { sender, verifier, secret } = options
  const policy = resolvePolicy(options.policy)
  if ((sender === undefined) === (verifier === undefined)) {
    throw new ConfigurationError(
      'give either a sender, such as twilioSender({ … }) or consoleSender(), or a verifier, such as twilioVerify({ … })',
    )
  }
  if (verifier !== undefined) {
    need('verifier', verifier, ['start', 'check', 'cancel'], 'twilioVerify({ … })')
    const digits = verifier.codeLength
    const least = policy.standards === 'strict' ? 6 : 4
    const usable = Number.isInteger(digits) && digits >= least && digits <= 10
    const relaxed = `from 4 with policy.standards 'relaxed'`
    demand(usable, `verifier.codeLength must be a whole number from 6 to 10, or ${relaxed}`)
    return {
      policy: { ...policy, digits },
      keys: null,
      delivery: hostedDelivery(verifier),
      verifier,
    }
  }
  const senders = Array.isArray(sender) ? (sender as readonly CodeSender[]) : [sender as CodeSender]
  for (const each of senders)
    need('sender', each, ['send'], 'twilioSender({ … }) or consoleSender()')
  if (new Set(senders.map(({ channel }) => channel)).size !== Math.max(1, senders.length)) {
    throw new ConfigurationError(
      'sender: each channel takes one sender; join several of one channel with failoverSender([…])',
    )
  }
  const keys = createKeyRing(secret ?? '')
  const message = { ...options.message, appName: options.message?.appName ?? appName }
  const compose = messageComposer(message, policy)
  return {
    policy,
    keys,
    delivery: localDelivery(senders, keys, compose, policy.digits),
    verifier: null,
  }
}

function demand(holds: boolean, message: string): void {
  if (!holds) throw new ConfigurationError(message)
}

function need(option: string, value: unknown, verbs: readonly string[], example: string): void {
  const given = typeof value === 'object' && value !== null ? value : {}
  const missing = verbs.find((verb) => typeof Reflect.get(given, verb) !== 'function')
  if (missing === undefined) return
  throw new ConfigurationError(`${option} needs ${verbs.join(', ')}; give ${example}`)
}

function seconds(option: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least && value <= 60) return value
  throw new ConfigurationError(`${option} must be a number of seconds from ${least} to 60`)
}

function path(option: string, value: string): string {
  const safe = returnPath(value)
  if (safe !== null) return safe
  throw new ConfigurationError(`${option} must be a path of this origin, such as '/login'`)
}

function origin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null
  if (url !== null && /^https?:$/.test(url.protocol) && url.origin === value.replace(/\/$/, '')) {
    return url.origin
  }
  throw new ConfigurationError(
    `origins holds ${JSON.stringify(value)}; write scheme and host, such as 'https://example.com'`,
  )
}
