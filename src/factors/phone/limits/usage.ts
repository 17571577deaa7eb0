/** Reads the use of the limits that many share, for operators: the call `limitUsage`, and their page. */

import { ConfigurationError, StoreUnavailableError } from '../../../core/errors.js'
import { assertKnownOptions } from '../../../core/known-options.js'
import type { Instant } from '../../../core/state.js'
import type { CountStore } from '../../../ports/count-store.js'
import type {
  CountryUse,
  LimitUsage,
  LimitUsageOptions,
  UsedLimit,
} from '../../../ports/limit-usage.js'
import { isCountry } from '../phone-number.js'
import type { BoundedCounts } from './bounded-counts.js'
import { sumsOf } from './findings.js'
import { millionths, type Rule, type Rules } from './resolve-rules.js'
import type { RuleName } from './rules.js'
import { sentTo, verifiedOf } from './unverified-rule.js'
import { bucketOf, windowsAt } from './windows.js'

/** A counter that has limits. */
interface Counter {
  readonly rule: RuleName
  readonly counter: string
  readonly limits: Rule
}

/**
 * Reads the sums of all counters that the rules and the options name.
 *
 * @throws ConfigurationError for options that cannot be used.
 * @throws StoreUnavailableError if the counts do not answer.
 */
export async function limitUsage(
  rules: Rules,
  counts: Pick<BoundedCounts, 'ask'>,
  now: Instant,
  options: LimitUsageOptions = {},
): Promise<LimitUsage> {
  assertKnownOptions('limitUsage', options, { countries: true, prefixes: true, hours: true })
  const { prefixes = [], hours = 24 } = options
  const countries = [...new Set([...rules.country.named, ...(options.countries ?? [])])].toSorted()
  demand('countries', countries.every(isCountry), "must be ISO 3166 codes, such as ['CM']")
  demand('prefixes', prefixes.every(isPrefix), "must be digits, such as ['+23767123']")
  const isHours = Number.isInteger(hours) && hours >= 1 && hours <= 336
  demand('hours', isHours, 'must be a whole number from 1 to 336')
  const limits = await usedLimits(rules, counts, now, { countries, prefixes })
  const named = countries.flatMap((country) => [sentTo(country), verifiedOf(`~c:${country}`)])
  const series = await asked(counts, (store) => store.series(named, bucketOf(now) - 6 * hours))
  const unitsOf = (counter: string) =>
    series.reduce((sum, each) => (each.counter === counter ? sum + each.units : sum), 0)
  return {
    limits,
    countries: countries.map((country): CountryUse => ({
      country,
      sent: unitsOf(sentTo(country)),
      verified: unitsOf(verifiedOf(`~c:${country}`)),
    })),
  }
}

/**
 * Reads the limits of the application, of its cost, and of these countries and prefixes.
 *
 * @throws StoreUnavailableError if the counts do not answer.
 */
export async function usedLimits(
  rules: Rules,
  counts: Pick<BoundedCounts, 'ask'>,
  now: Instant,
  {
    countries,
    prefixes = [],
  }: { readonly countries: readonly string[]; readonly prefixes?: readonly string[] },
): Promise<readonly UsedLimit[]> {
  const counters = countersOf(rules, countries, prefixes)
  const names = counters.map(({ counter }) => counter)
  const sums = await asked(counts, (store) => store.sums(names, windowsAt(now)))
  return counters.flatMap(({ rule, counter, limits }) =>
    limits.caps.map(({ window, limit }): UsedLimit => {
      const scale = rule === 'spend' ? millionths : 1
      const used = sumsOf(sums, counter)[window] / scale
      const currency = rule === 'spend' ? rules.spend.currency : null
      return { rule, counter, window, used, limit: limit / scale, currency }
    }),
  )
}

async function asked<T>(
  counts: Pick<BoundedCounts, 'ask'>,
  work: (store: CountStore) => Promise<T>,
): Promise<T> {
  const answer = await counts.ask(work)
  if (answer === null) throw new StoreUnavailableError('the counts did not answer')
  return answer
}

function countersOf(
  { application, spend, country, prefix }: Rules,
  countries: readonly string[],
  prefixes: readonly string[],
): readonly Counter[] {
  const newOnly = ({ action, newCaps }: Rules['application']) => ({ action, caps: newCaps })
  const all: readonly Counter[] = [
    { rule: 'application', counter: '~~', limits: application },
    { rule: 'application', counter: '~~n', limits: newOnly(application) },
    { rule: 'spend', counter: '~$', limits: spend },
    { rule: 'spend', counter: '~$n', limits: newOnly(spend) },
    ...countries.map((code): Counter => {
      const limits = { action: country.action, caps: country.capsOf(code) }
      return { rule: 'country', counter: `~c:${code}`, limits }
    }),
    ...prefixes.map((digits): Counter => {
      return { rule: 'prefix', counter: `p:${digits}`, limits: prefix }
    }),
  ]
  return all.filter(({ limits }) => limits.action !== 'off')
}

function isPrefix(text: string): boolean {
  return /^\+[1-9]\d{2,10}$/.test(text)
}

function demand(option: string, holds: boolean, remedy: string): void {
  if (!holds) throw new ConfigurationError(`limitUsage: ${option} ${remedy}`, option)
}
