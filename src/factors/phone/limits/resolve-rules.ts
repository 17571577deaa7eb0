/** Checks the rules once, and turns them into the caps in force. */

import { ConfigurationError } from '../../../core/errors.js'
import { assertKnownOptions } from '../../../core/known-options.js'
import { isCountry } from '../phone-number.js'
import { priceOf, type Price } from './price.js'
import type {
  CountryLimitOptions,
  CountryRuleOptions,
  LimitRules,
  RuleAction,
  SpendRuleOptions,
} from './rules.js'
import type { Cap, LimitWindow } from './windows.js'

/** A rule with its caps in force. A rule without caps counts nothing. */
export interface Rule {
  readonly action: RuleAction
  readonly caps: readonly Cap[]
}

/** A rule that also has separate caps for new phones. */
export interface SharedRule extends Rule {
  readonly newCaps: readonly Cap[]
}

/** The rules in force. */
export interface Rules {
  readonly phone: SharedRule
  readonly account: Rule
  readonly network: Rule
  readonly prefix: Rule
  readonly country: {
    readonly action: RuleAction
    readonly capsOf: (country: string) => readonly Cap[]
    /** Countries with limits of their own. */
    readonly named: readonly string[]
  }
  readonly application: SharedRule
  readonly spend: SharedRule & { readonly price: Price | null; readonly currency: string | null }
  readonly blocked: { readonly action: RuleAction }
  readonly unverified: { readonly action: RuleAction }
  readonly failed: { readonly action: RuleAction }
}

/** Prices are counted in millionths of a currency. */
export const millionths = 1_000_000

const most = 1_000_000_000

const windows = { perHour: 'hour', perDay: 'day', newPerDay: 'day', newPerWeek: 'week' } as const

const ruleNames = {
  phone: true,
  account: true,
  network: true,
  prefix: true,
  country: true,
  application: true,
  spend: true,
  blocked: true,
  unverified: true,
  failed: true,
} as const satisfies Readonly<Record<keyof LimitRules, true>>

/**
 * Checks the rules and fills in the defaults.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
 */
export function resolveRules(rules: LimitRules = {}): Rules {
  assertKnownOptions('limits.rules', rules, ruleNames)
  const { phone, account, network, prefix, application, blocked } = rules
  const of = <Field extends keyof typeof windows>(
    name: keyof LimitRules,
    options: object | undefined,
    defaults: Readonly<Partial<Record<Field, number>>>,
  ): Rule => {
    const given = { ...defaults, ...present(options) }
    const names = Object.fromEntries(Object.keys(defaults).map((field) => [field, true as const]))
    assertKnownOptions(`limits.rules.${name}`, given, { ...names, action: true })
    return { action: actionOf(name, options), caps: capsOf(`limits.rules.${name}`, given) }
  }
  const phoneRule = of('phone', phone, { perDay: 20, newPerDay: 5, newPerWeek: 10 })
  const { newPerDay = 5, newPerWeek = 10, perDay = 20 } = phone ?? {}
  return {
    phone: {
      action: phoneRule.action,
      caps: capsOf('limits.rules.phone', { perDay }),
      newCaps: capsOf('limits.rules.phone', { newPerDay, newPerWeek }),
    },
    account: of('account', account, { perDay: 5 }),
    network: of('network', network, { perHour: 30, perDay: 100 }),
    prefix: of('prefix', prefix, { perHour: 20, perDay: 50 }),
    country: countryRule(rules.country),
    application: sharedRule('application', application),
    spend: spendRule(rules.spend),
    blocked: of('blocked', blocked, {}),
    unverified: of('unverified', { action: 'record', ...present(rules.unverified) }, {}),
    failed: of('failed', { action: 'record', ...present(rules.failed) }, {}),
  }
}

/** Checks the countries too, because the limit of a misspelt one would never apply. */
function countryRule(options: CountryRuleOptions = {}): Rules['country'] {
  const known = { action: true, perHour: true, perDay: true, only: true } as const
  assertKnownOptions('limits.rules.country', options, known)
  const { only = {} } = options
  const own = new Map(
    Object.entries(only).map(([country, limits]) => {
      const option = `limits.rules.country.only.${country}`
      demand(
        option,
        isCountry(country),
        "must be named by ISO 3166, such as 'CM', or by a code such as '+883'",
      )
      assertKnownOptions(option, limits, { perHour: true, perDay: true })
      return [country, capsOf(option, limits)]
    }),
  )
  const caps = capsOf('limits.rules.country', options)
  return {
    action: actionOf('country', options),
    capsOf: (country) => own.get(country) ?? caps,
    named: [...own.keys()],
  }
}

function sharedRule(
  name: 'application' | 'spend',
  options: CountryLimitOptions & { readonly newShare?: number | undefined } = {},
  scale = 1,
): SharedRule {
  const owner = `limits.rules.${name}`
  const { newShare = 0.5 } = options
  if (name === 'application') {
    const known = { action: true, perHour: true, perDay: true, newShare: true } as const
    assertKnownOptions(owner, options, known)
  }
  const isShare = typeof newShare === 'number' && newShare > 0 && newShare <= 1
  demand(`${owner}.newShare`, isShare, 'must be a number above 0, at most 1')
  const caps = capsOf(owner, options, scale)
  // If new phones may use everything, a second counter would only make messages wait.
  const newCaps =
    newShare === 1
      ? []
      : caps.map(({ window, limit }) => ({ window, limit: Math.floor(limit * newShare) }))
  return { action: actionOf(name, options), caps, newCaps }
}

function spendRule(options: SpendRuleOptions | undefined): Rules['spend'] {
  if (options === undefined) return { ...sharedRule('spend'), price: null, currency: null }
  const known = { action: true, perHour: true, perDay: true, newShare: true } as const
  assertKnownOptions('limits.rules.spend', options, { ...known, currency: true, price: true })
  const { currency } = options
  const isCurrency = typeof currency === 'string' && /^[A-Z]{3}$/.test(currency)
  demand('limits.rules.spend.currency', isCurrency, "must be a code such as 'USD'")
  return { ...sharedRule('spend', options, millionths), price: priceOf(options.price), currency }
}

function capsOf(owner: string, limits: object, scale = 1): readonly Cap[] {
  return Object.entries(windows).flatMap(([field, window]: [string, LimitWindow]) => {
    const value: unknown = Reflect.get(limits, field)
    if (value === undefined) return []
    const isNumber = typeof value === 'number' && value > 0 && value <= most
    const isUsable = isNumber && (scale !== 1 || Number.isInteger(value))
    const what = scale === 1 ? 'a whole number from 1' : 'a number above 0,'
    demand(`${owner}.${field}`, isUsable, `must be ${what} to ${most}`)
    return [{ window, limit: Math.round(Number(value) * scale) }]
  })
}

function actionOf(name: keyof LimitRules, options: object = {}): RuleAction {
  const action: unknown = Reflect.get(options, 'action') ?? 'refuse'
  if (action === 'refuse' || action === 'record' || action === 'off') return action
  throw new ConfigurationError(
    `limits.rules.${name}.action must be 'refuse', 'record' or 'off'`,
    `limits.rules.${name}.action`,
  )
}

/** Drops undefined fields, so that they do not override the defaults. */
function present(options: object = {}): object {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]: [string, unknown]) => value !== undefined),
  )
}

function demand(option: string, holds: boolean, remedy: string): void {
  if (!holds) throw new ConfigurationError(`${option} ${remedy}`, option)
}
