/** The options of the limits, and what they are checked to. */

import type { BlockList } from 'node:net'

import { ConfigurationError } from '../../../core/errors.js'
import { assertKnownOptions } from '../../../core/known-options.js'
import type { CountStore } from '../../../ports/count-store.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import { isCountry } from '../phone-number.js'
import type { SendGuard } from '../ports/send-guard.js'
import { pseudonyms, type Pseudonym } from './pseudonyms.js'
import { networkList } from './network.js'
import { resolveRules, type Rules } from './resolve-rules.js'
import type { LimitRules } from './rules.js'

/** Phones and networks that the rules for new phones do not hold. */
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
   * ISO 3166 codes, and calling codes of networks of no country.
   *
   * @default none
   */
  readonly countries?: readonly string[] | undefined
  /**
   * The first digits of phones, such as `+88213`; a whole phone is one too.
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

/** Limits on messages, over all users and processes. */
export interface LimitsOptions {
  /** Counts the messages: `sequelizeCounts`, `redisCounts`, `memoryCounts`, or your own. */
  readonly counts: CountStore
  /**
   * Whether anything is refused. `record` decides and tells by events, and sends all the same.
   *
   * @default 'enforce'
   */
  readonly mode?: 'enforce' | 'record' | undefined
  /**
   * The rules, where they are not to be the defaults.
   *
   * @default the defaults of each rule; `country`, `application` and `spend` have none
   */
  readonly rules?: LimitRules | undefined
  /**
   * Whom the rules `network`, `prefix` and `country` do not hold.
   *
   * @default nobody
   */
  readonly allow?: AllowOptions | undefined
  /**
   * Where no message goes, whatever is allowed.
   *
   * @default nowhere
   */
  readonly deny?: DenyOptions | undefined
  /**
   * Guards of yours, or `twilioLookup`, asked in order before a message is counted.
   *
   * @default none
   */
  readonly guards?: readonly SendGuard[] | undefined
  /**
   * What is refused while the counts or a guard do not answer: messages to new phones, all, or none.
   *
   * @default 'refuse-new'
   */
  readonly whenUnavailable?: 'refuse-new' | 'refuse-all' | 'send' | undefined
  /**
   * Keys the hashes of phones, accounts and networks: at least 32 bytes. Needed with a `verifier` without a `secret`.
   *
   * @default made of the last of the option `secret`
   */
  readonly key?: string | undefined
  /**
   * The bits of an IPv6 address that make its network, from 48 to 64.
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
  demand('guards', guards.every(isGuard), 'must be guards, each with a name and check()')
  const phones = listOf('allow.phones', allow.phones, isE164, 'write phones in E.164')
  const countries = listOf('deny.countries', deny.countries, isCountry, "write ISO 3166, as 'CM'")
  const prefixes = listOf('deny.prefixes', deny.prefixes, isPrefix, "write digits, as '+88213'")
  const addresses = (owner: 'allow' | 'deny', networks: readonly string[] = []) =>
    networkList(`limits.${owner}.networks`, networks)
  const rules = resolveRules(options.rules)
  const isFailedAsked = options.rules?.failed !== undefined && rules.failed.action !== 'off'
  demand('rules.failed', hasReceipts || !isFailedAsked, 'needs the option receipts; give it')
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

function isE164(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(text)
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
