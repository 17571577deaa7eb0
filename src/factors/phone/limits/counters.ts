/** Picks the counters that a message counts towards. */

import type { Addition, Bucket } from '../../../ports/count-store.js'
import { originOf } from '../phone-number.js'
import type { PhoneClass } from '../ports/send-guard.js'
import { subjectOf } from '../for-subject.js'
import type { Channel } from '../rules/part.js'
import { includes, networkOf, type Network } from './network.js'
import type { Limits } from './options.js'
import type { Rule, SharedRule } from './resolve-rules.js'
import type { RuleName } from './rules.js'
import { keepUntil, type Cap } from './windows.js'

/** A message that is about to be sent. */
export interface PlannedSend {
  readonly subject: string
  readonly to: string
  readonly channel: Channel
  readonly phoneClass: PhoneClass
  readonly resent: boolean
  readonly clientIp: string | null
}

/** The facts about a message that the limits use. */
export interface SendFacts {
  readonly country: string | null
  /** The country, or the calling code of a network that belongs to no country. */
  readonly region: string
  /** The phone without its last four digits, but at least two digits after the calling code. */
  readonly prefix: string
  readonly network: Network | null
  /** The pseudonym of the network. */
  readonly networkName: string | null
  /** True if the message is on a list of the option `allow`. */
  readonly isAllowed: boolean
  /** Millionths of the currency; `null` if no price is known. */
  readonly cost: number | null
  /** The currency of the prices; `null` without prices. */
  readonly currency: string | null
}

/** One counter, and the units that a message takes from it. */
export interface Budget {
  readonly rule: RuleName
  readonly counter: string
  readonly caps: readonly Cap[]
  readonly units: number
  readonly action: 'refuse' | 'record'
}

/** Gathers the facts about a message. */
export function factsOf(limits: Limits, { to, channel, clientIp }: PlannedSend): SendFacts {
  const { allow, rules, pseudonym, ipv6Bits } = limits
  const origin = originOf(to)
  const network = networkOf(clientIp, ipv6Bits)
  return {
    country: origin.country,
    region: origin.country ?? origin.callingCode,
    prefix: prefixOf(to, origin),
    network,
    networkName: network === null ? null : `w:${pseudonym('network', network.name)}`,
    isAllowed: allow.phones.has(to) || includes(allow.networks, clientIp),
    cost: rules.spend.price?.(to, channel, origin) ?? null,
    currency: rules.spend.currency,
  }
}

/** The phone without its last four digits, but at least two digits after the calling code. */
export function prefixOf(to: string, { callingCode } = originOf(to)): string {
  return to.slice(0, Math.max(to.length - 4, callingCode.length + 2))
}

/** Returns true if the message is on a list of the option `deny`, which overrides `allow`. */
export function isDenied({ deny }: Limits, send: PlannedSend, { region }: SendFacts): boolean {
  return (
    deny.countries.has(region) ||
    deny.prefixes.some((prefix) => send.to.startsWith(prefix)) ||
    includes(deny.networks, send.clientIp)
  )
}

/**
 * The counters of a message, in byte order. All processes take in this order, which prevents deadlocks; the counters
 * that all messages share come last and are held for the shortest time.
 */
export function budgetsOf(limits: Limits, send: PlannedSend, facts: SendFacts): readonly Budget[] {
  const { rules, pseudonym } = limits
  const { phone, account, network, prefix, country, application, spend } = rules
  const isNew = send.phoneClass === 'new'
  const isBound = !facts.isAllowed && isNew
  const cost = facts.cost ?? 0
  const regional =
    facts.isAllowed || send.phoneClass === 'known' ? [] : country.capsOf(facts.region)
  const isOwnRow = send.subject === subjectOf(send.to)
  const measured = (
    rule: RuleName,
    counter: string,
    { action, caps }: Rule,
    units = 1,
  ): readonly Budget[] => {
    if (action === 'off' || caps.length === 0 || units === 0) return []
    const refuses =
      action === 'refuse' && limits.enforces && !(rule === 'network' && isOneForAll(facts))
    return [{ rule, counter, caps, units, action: refuses ? 'refuse' : 'record' }]
  }
  const forNew = ({ action, newCaps }: SharedRule): Rule => ({ action, caps: newCaps })
  const own = isNew
    ? measured('phone', phoneCounter(limits, 'new', send.to), forNew(phone))
    : measured('phone', phoneCounter(limits, send.phoneClass, send.to), phone)
  const isFirst = isNew && !send.resent && !isOwnRow
  const { action } = country
  return [
    ...own,
    ...(isFirst ? measured('account', `a:${pseudonym('account', send.subject)}`, account) : []),
    ...(isBound && facts.networkName !== null
      ? measured('network', facts.networkName, network)
      : []),
    ...(isBound ? measured('prefix', `p:${facts.prefix}`, prefix) : []),
    ...measured('country', `~c:${facts.region}`, { action, caps: regional }),
    ...measured('application', '~~', application),
    ...(isNew ? measured('application', '~~n', forNew(application)) : []),
    ...measured('spend', '~$', spend, cost),
    ...(isNew ? measured('spend', '~$n', forNew(spend), cost) : []),
  ].toSorted((left, right) => (left.counter < right.counter ? -1 : 1))
}

/** The counter of a phone. Messages to it as a new phone are counted separately. */
export function phoneCounter({ pseudonym }: Limits, phoneClass: PhoneClass, to: string): string {
  return `${phoneClass === 'new' ? 'n' : 'N'}:${pseudonym('phone', to)}`
}

/** The addition that counts a message on a budget's counter in a bucket. */
export function additionOf({ counter, units, caps }: Budget, bucket: Bucket): Addition {
  return { counter, units, bucket, keepUntil: keepUntil(bucket, caps) }
}

/** Returns true if all clients seem to share a proxy's address. */
export function isOneForAll({ network }: SendFacts): boolean {
  return network?.isPrivate === true && isProduction()
}

/** Returns true in production, where a private address means an untrusted proxy rather than a developer's machine. */
export function isProduction(): boolean {
  return process.env['NODE_ENV'] === 'production'
}
