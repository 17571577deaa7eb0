/** Reads the limits on sends from environment variables. */

import { ConfigurationError } from '../../../core/errors.js'
import type { LimitsOptions } from './options.js'
import { resolveRules } from './resolve-rules.js'
import type { CountryLimitOptions, LimitRules } from './rules.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The limits in `options`, overridden by environment variables: `SEND_LIMITS` (`enforce`, `record` or `off`),
 * `SEND_LIMIT_APPLICATION_PER_HOUR`, `SEND_LIMIT_APPLICATION_PER_DAY`, `SEND_LIMIT_SPEND_PER_HOUR`,
 * `SEND_LIMIT_SPEND_PER_DAY` (with the prices in `options`), `SEND_LIMIT_COUNTRY_PER_DAY`, `SEND_LIMIT_COUNTRIES`
 * (`CM:5000,US:2000`, a day) and `SEND_DENY_COUNTRIES` (`EG,LK`, added to those that `options` denies). Returns
 * `undefined` if `SEND_LIMITS` is `off`.
 *
 * @throws ConfigurationError naming the variable that cannot be used.
 * @example
 * const limits = limitsFromEnv(process.env, { counts: sequelizeCounts({ sequelize }) })
 * const secondFactor = createSecondFactor({ …, limits })
 */
export function limitsFromEnv(env: Environment, options: LimitsOptions): LimitsOptions | undefined {
  const mode = read(env, 'SEND_LIMITS')
  if (mode === 'off') return undefined
  if (mode !== undefined && mode !== 'enforce' && mode !== 'record') {
    throw unusable('SEND_LIMITS', mode, 'write enforce, record or off')
  }
  const rules = rulesFrom(env, options.rules ?? {})
  const denied = read(env, 'SEND_DENY_COUNTRIES')
    ?.split(',')
    .map((code) => code.trim())
  return {
    ...options,
    ...(mode === undefined ? {} : { mode }),
    rules,
    ...(denied === undefined
      ? {}
      : { deny: { ...options.deny, countries: [...(options.deny?.countries ?? []), ...denied] } }),
  }
}

function rulesFrom(env: Environment, given: LimitRules): LimitRules {
  const limits = (name: string): CountryLimitOptions => {
    const [perHour, perDay] = [number(env, `${name}_PER_HOUR`), number(env, `${name}_PER_DAY`)]
    return {
      ...(perHour === undefined ? {} : { perHour }),
      ...(perDay === undefined ? {} : { perDay }),
    }
  }
  const application = { ...given.application, ...limits('SEND_LIMIT_APPLICATION') }
  const spent = limits('SEND_LIMIT_SPEND')
  if (given.spend === undefined && Object.keys(spent).length > 0) {
    throw new ConfigurationError(
      'SEND_LIMIT_SPEND_PER_HOUR and SEND_LIMIT_SPEND_PER_DAY need prices; give limitsFromEnv ' +
        "rules: { spend: { currency: 'USD', price: { … } } }",
      'SEND_LIMIT_SPEND_PER_DAY',
    )
  }
  const perDay = number(env, 'SEND_LIMIT_COUNTRY_PER_DAY')
  const ownOfEnv = Object.entries(countriesOf(env)).map(
    ([country, limits]) => [country, { ...given.country?.only?.[country], ...limits }] as const,
  )
  const only = { ...given.country?.only, ...Object.fromEntries(ownOfEnv) }
  const country = { ...given.country, ...(perDay === undefined ? {} : { perDay }), only }
  const spend = given.spend === undefined ? undefined : { ...given.spend, ...spent }
  const rules: LimitRules = { ...given, application, country, ...(spend ? { spend } : {}) }
  resolveRules(rules)
  return rules
}

/** Reads `CM:5000,US:2000`, in messages a day. */
function countriesOf(env: Environment): Readonly<Record<string, CountryLimitOptions>> {
  const variable = 'SEND_LIMIT_COUNTRIES'
  const text = read(env, variable)
  if (text === undefined) return {}
  const entries = text.split(',').map((entry) => {
    const [, country, perDay] = /^\s*([A-Z]{2}|\+\d{3}):(\d+)\s*$/.exec(entry) ?? []
    if (country === undefined) throw unusable(variable, text, 'write it as CM:5000,US:2000')
    return [country, { perDay: Number(perDay) }] as const
  })
  return Object.fromEntries(entries)
}

function number(env: Environment, variable: string): number | undefined {
  const text = read(env, variable)
  if (text === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw unusable(variable, text, 'write a number')
}

function read(env: Environment, variable: string): string | undefined {
  const text = env[variable]?.trim()
  return text === '' ? undefined : text
}

function unusable(variable: string, text: string, remedy: string): ConfigurationError {
  return new ConfigurationError(`${variable} holds ${JSON.stringify(text)}; ${remedy}`, variable)
}
