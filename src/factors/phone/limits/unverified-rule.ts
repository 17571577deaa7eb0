/** The rule `unverified`: reads what became of earlier messages, and compares it with what is usual. */

import type { Instant } from '../../../core/state.js'
import type { Addition, Bucket } from '../../../ports/count-store.js'
import type { Finding, PhoneClass } from '../ports/send-guard.js'
import type { BoundedCounts } from './bounded-counts.js'
import { isOneForAll, type Budget, type SendFacts } from './counters.js'
import { sumsOf, type Sums } from './findings.js'
import type { Limits } from './options.js'
import {
  countryFloors,
  findUnusual,
  narrowFloors,
  settledBuckets,
  usualBuckets,
  usualRatio,
  type Floors,
  type Unusual,
} from './unverified.js'
import { bucketOf } from './windows.js'

/** A counter with unusually many unverified messages. */
export interface FoundUnusual {
  readonly counter: string
  readonly finding: Finding
}

/** What the rule has to know of a message. */
interface Looked {
  readonly phoneClass: PhoneClass
  readonly facts: SendFacts
  /** Those of the message, of which it looks at prefix and network. */
  readonly budgets: readonly Budget[]
}

/** A message whose code was made at this instant. */
export interface Booked extends Looked {
  readonly issuedAt: Instant
}

/** What the outcomes of a counter say: the usual ratio, and what is not usual by now. */
interface Judged {
  readonly ratio: number
  readonly unusual: Unusual | null
}

/** Looks at the counters of a message; `null` where the counts do not answer. */
export type FindUnverified = (
  looked: Looked,
  sums: Sums,
  now: Instant,
) => Promise<readonly FoundUnusual[] | null>

/** Buckets that a day's window reaches back, and some for clocks that differ. */
const dayKept = 156

/** Counters whose judgement is remembered at most. */
const mostRemembered = 1_000

/** All messages to a country, but for those to phones that are known. */
export function sentTo(region: string): string {
  return `~c:${region}|s`
}

/** The messages of a counter whose code was right. */
export function verifiedOf(counter: string): string {
  return `${counter}|v`
}

/**
 * Makes the rule. Only buckets count in which every code has been entered or is over, so that an answer holds until the
 * next bucket begins: one read for each counter in ten minutes.
 */
export function unverifiedRule(
  limits: Limits,
  codeSeconds: number,
  counts: Pick<BoundedCounts, 'ask'>,
): FindUnverified {
  const settled = settledBuckets(codeSeconds)
  const remembered = judgements()
  const judge = (counter: string, sent: string, now: Bucket, floors: Floors, ratio?: number) =>
    remembered(counter, now, async () => {
      const last = now - settled
      const verified = verifiedOf(counter)
      const from = last - (ratio === undefined ? usualBuckets : 144)
      const series = await counts.ask((store) => store.series([sent, verified], from))
      if (series === null) return null
      const of = (name: string) => series.filter((each) => each.counter === name)
      const outcomes = { sent: of(sent), verified: of(verified) }
      const usual = ratio ?? usualRatio(outcomes, last)
      return { ratio: usual, unusual: findUnusual(outcomes, last, usual, floors) }
    })
  return async (looked, sums, at) => {
    if (!isLookedAt(limits, looked)) return []
    const now = bucketOf(at)
    const { facts } = looked
    const name = `~c:${facts.region}`
    const country = await judge(name, sentTo(facts.region), now, countryFloors)
    if (country === null) return null
    const found = [foundOn(limits, name, country.unusual)]
    for (const { counter, rule } of narrowOf(looked)) {
      // Most counters have too few messages to be worth a read.
      const { hour, day } = sumsOf(sums, counter)
      if (hour <= narrowFloors.hour && day <= narrowFloors.day) continue
      const judged = await judge(counter, counter, now, narrowFloors, country.ratio)
      if (judged === null) return null
      const isEverybody = rule === 'network' && isOneForAll(facts)
      found.push(foundOn(limits, counter, judged.unusual, isEverybody))
    }
    return found.flat()
  }
}

/** What counts a message that went out, in the bucket in which its code was made. */
export function sentAdditions(limits: Limits, booked: Booked): readonly Addition[] {
  if (!isLookedAt(limits, booked)) return []
  return [countryAddition(sentTo(booked.facts.region), booked, 1)]
}

/** What counts the messages of a code that was right, in the bucket in which it was made. */
export function verifiedAdditions(
  limits: Limits,
  booked: Booked,
  sends: number,
): readonly Addition[] {
  if (!isLookedAt(limits, booked)) return []
  const bucket = bucketOf(booked.issuedAt)
  return [
    countryAddition(verifiedOf(`~c:${booked.facts.region}`), booked, sends),
    ...narrowOf(booked).map(({ counter }) => {
      return { counter: verifiedOf(counter), bucket, units: sends, keepUntil: bucket + dayKept }
    }),
  ]
}

function countryAddition(counter: string, { issuedAt }: Booked, units: number): Addition {
  const bucket = bucketOf(issuedAt)
  return { counter, bucket, units, keepUntil: bucket + usualBuckets + dayKept }
}

/** Phones that are known are no attacker's, and what is allowed is no attack. */
function isLookedAt({ rules }: Limits, { phoneClass, facts }: Looked): boolean {
  return rules.unverified.action !== 'off' && phoneClass !== 'known' && !facts.isAllowed
}

/** The counters of its own rules that `unverified` looks at too. */
function narrowOf({ budgets }: Looked): readonly Budget[] {
  return budgets.filter(({ rule }) => rule === 'prefix' || rule === 'network')
}

function foundOn(
  { rules, enforces }: Limits,
  counter: string,
  unusual: Unusual | null,
  isEverybody = false,
): readonly FoundUnusual[] {
  if (unusual === null) return []
  const refuses = rules.unverified.action === 'refuse' && enforces && !isEverybody
  const action = refuses ? 'refuse' : 'record'
  return [{ counter, finding: { rule: 'unverified', ...unusual, action } }]
}

/** Remembers what was judged of a counter while its bucket runs; what could not be read is asked again. */
function judgements() {
  const held = new Map<string, { readonly now: Bucket; readonly judged: Promise<Judged | null> }>()
  return (counter: string, now: Bucket, judge: () => Promise<Judged | null>) => {
    const earlier = held.get(counter)
    if (earlier?.now === now) return earlier.judged
    const judged = judge().then((found) => {
      if (found === null) held.delete(counter)
      return found
    })
    held.delete(counter)
    held.set(counter, { now, judged })
    if (held.size > mostRemembered) held.delete(held.keys().next().value ?? '')
    return judged
  }
}
