/** The options of the limits, and their check. */

import type { BlockList } from 'node:net'

import { ConfigurationError } from '../../../core/errors.js'
import { assertKnownOptions } from '../../../core/known-options.js'
import type { CountStore } from '../../../ports/count-store.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import { isCountry } from '../phone-number.js'
import type { SendGuard } from '../ports/send-guard.js'
import { isE164 } from '../rules/e164.js'
import { pseudonyms, type Pseudonym } from './pseudonyms.js'
import { networkList } from './network.js'
import { resolveRules, type Rules } from './resolve-rules.js'
import type { LimitRules } from './rules.js'

/** Phones and networks that are exempt from the rules for new phones. */
export interface AllowOptions {
  /**
   * Phones in E.164.
   *
   * @default none
   */
  readonly phones?: readonly string[] | undefined
  /**
   * Addresses, and networks such as `203.0.113.0/24`.
   *
   * @default none
   */
  readonly networks?: readonly string[] | undefined
}

/** Destinations and networks that are always refused. */
export interface DenyOptions {
  /**
   * ISO 3166 codes, and calling codes of networks that belong to no country.
   *
   * @default none
   */
  readonly countries?: readonly string[] | undefined
  /**
   * The first digits of phones, such as `+88213`, or whole phones.
   *
   * @default none
   */
  readonly prefixes?: readonly string[] | undefined
  /**
   * Addresses, and networks such as `203.0.113.0/24`.
   *
   * @default none
   */
  readonly networks?: readonly string[] | undefined
}

/** Limits on messages, across all users and processes. */
export interface LimitsOptions {
  /** Counts the messages: `sequelizeCounts`, `redisCounts`, `memoryCounts`, or your own. */
  readonly counts: CountStore
  /**
   * `enforce` refuses messages. `record` makes the same decisions and emits them as events, but sends every message.
   *
   * @default 'enforce'
   */
  readonly mode?: 'enforce' | 'record' | undefined
  /**
   * Your changes to the rules.
   *
   * @default the defaults of each rule; `country`, `application` and `spend` have none
   */
  readonly rules?: LimitRules | undefined
  /**
   * Phones and networks that are exempt from the rules `network`, `prefix`, `country` and `unverified`.
   *
   * @default nobody
   */
  readonly allow?: AllowOptions | undefined
  /**
   * Destinations and networks that get no message, even if allowed elsewhere.
   *
   * @default nowhere
   */
  readonly deny?: DenyOptions | undefined
  /**
   * Your own guards, or `twilioLookup`, called in order before a message is counted.
   *
   * @default none
   */
  readonly guards?: readonly SendGuard[] | undefined
  /**
   * The messages that are refused while the counts or a guard do not answer: those to new phones, all, or none.
   *
   * @default 'refuse-new'
   */
  readonly whenUnavailable?: 'refuse-new' | 'refuse-all' | 'send' | undefined
  /**
   * The key for hashes of phones, accounts and networks: at least 32 bytes. Needed if a `verifier` is used without a
   * `secret`.
   *
   * @default derived from the last entry of the option `secret`
   */
  readonly key?: string | undefined
  /**
   * The number of bits of an IPv6 address that identify its network, from 48 to 64.
   *
   * @default 64
   */
  readonly ipv6Bits?: number | undefined
  /**
   * Timeout of one call to the counts in seconds, at most 60.
   *
   * @default 2
   */
  readonly timeoutSeconds?: number | undefined
}

/** The options, checked. */
export interface Limits {
  readonly counts: CountStore
  readonly enforces: boolean
  readonly rules: Rules
  readonly allow: { readonly phones: ReadonlySet<string>; readonly networks: BlockList }
  readonly deny: {
    readonly countries: ReadonlySet<string>
    readonly prefixes: readonly string[]
    readonly networks: BlockList
  }
  readonly guards: readonly SendGuard[]
  readonly whenUnavailable: 'refuse-new' | 'refuse-all' | 'send'
  readonly pseudonym: Pseudonym
  readonly ipv6Bits: number
  readonly timeoutSeconds: number
}

const optionNames: Readonly<Record<keyof LimitsOptions, true>> = {
  counts: true,
  mode: true,
  rules: true,
  allow: true,
  deny: true,
  guards: true,
  whenUnavailable: true,
  key: true,
  ipv6Bits: true,
  timeoutSeconds: true,
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
 */
export function resolveLimits(
  options: LimitsOptions,
  tools: Pick<FactorTools, 'keys'>,
  hasReceipts: boolean,
): Limits {
  assertKnownOptions('limits', options, optionNames)
  const { counts, mode = 'enforce', allow = {}, deny = {}, guards = [] } = options
  const { whenUnavailable = 'refuse-new', ipv6Bits = 64, timeoutSeconds = 2 } = options
  assertKnownOptions('limits.allow', allow, { phones: true, networks: true })
  assertKnownOptions('limits.deny', deny, { countries: true, prefixes: true, networks: true })
  const verbs = ['sums', 'take', 'release', 'add', 'series']
  demand(
    'counts',
    hasVerbs(counts, verbs),
    `needs ${verbs.join(', ')}; give sequelizeCounts({ sequelize })`,
  )
  demand('mode', ['enforce', 'record'].includes(mode), "must be 'enforce' or 'record'")
  const policies = ['refuse-new', 'refuse-all', 'send']
  const isPolicy = policies.includes(whenUnavailable)
  demand('whenUnavailable', isPolicy, `must be one of ${policies.join(', ')}`)
  const isBits = Number.isInteger(ipv6Bits) && ipv6Bits >= 48 && ipv6Bits <= 64
  demand('ipv6Bits', isBits, 'must be a whole number from 48 to 64')
  const isTimeout = Number.isFinite(timeoutSeconds) && timeoutSeconds > 0 && timeoutSeconds <= 60
  demand('timeoutSeconds', isTimeout, 'must be a number of seconds above 0, at most 60')
  demand(
    'guards',
    guards.every(isGuard),
    'must be guards, each with check() and a name of lower-case letters, digits and hyphens',
  )
  const phones = listOf('allow.phones', allow.phones, isE164, 'write phones in E.164')
  const countries = listOf('deny.countries', deny.countries, isCountry, "write ISO 3166, as 'CM'")
  const prefixes = listOf('deny.prefixes', deny.prefixes, isPrefix, "write digits, as '+88213'")
  const addresses = (owner: 'allow' | 'deny', networks: readonly string[] = []) =>
    networkList(`limits.${owner}.networks`, networks)
  const rules = resolveRules(options.rules)
  const isFailedAsked = options.rules?.failed !== undefined && rules.failed.action !== 'off'
  demand(
    'rules.failed',
    hasReceipts || !isFailedAsked,
    'needs the reports of vendors; set receipts',
  )
  return {
    ...{ counts, guards, whenUnavailable, ipv6Bits, timeoutSeconds, enforces: mode === 'enforce' },
    rules: hasReceipts ? rules : { ...rules, failed: { action: 'off' } },
    allow: { phones: new Set(phones), networks: addresses('allow', allow.networks) },
    deny: { countries: new Set(countries), prefixes, networks: addresses('deny', deny.networks) },
    pseudonym: pseudonyms(options.key, tools),
  }
}

function listOf(
  name: string,
  list: readonly string[] = [],
  isUsable: (each: string) => boolean,
  remedy: string,
): readonly string[] {
  const stray = list.find((each) => typeof each !== 'string' || !isUsable(each))
  demand(name, stray === undefined, `holds ${JSON.stringify(stray)}; ${remedy}`)
  return list
}

function isPrefix(text: string): boolean {
  return /^\+[1-9]\d{0,14}$/.test(text)
}

function isGuard(guard: SendGuard): boolean {
  return hasVerbs(guard, ['check']) && /^[a-z0-9-]+$/.test(guard.name)
}

function hasVerbs(value: unknown, verbs: readonly string[]): boolean {
  const input = typeof value === 'object' && value !== null ? value : {}
  return verbs.every((verb) => typeof Reflect.get(input, verb) === 'function')
}

function demand(option: string, holds: boolean, remedy: string): void {
  if (!holds) throw new ConfigurationError(`limits.${option} ${remedy}`, `limits.${option}`)
}
