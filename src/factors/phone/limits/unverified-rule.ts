/** The rule `unverified`: reads the outcomes of earlier messages, and compares them with the usual ones. */

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

/** The facts about a message that the rule uses. */
interface Looked {
  readonly phoneClass: PhoneClass
  readonly facts: SendFacts
  /** The message's budgets; the rule looks at those of prefix and network. */
  readonly budgets: readonly Budget[]
}

/** A message, and the time at which its code was made. */
export interface Booked extends Looked {
  readonly issuedAt: Instant
}

/** The judgement of a counter: its usual ratio, and a window that is unusual now. */
interface Judged {
  readonly ratio: number
  readonly unusual: Unusual | null
}

/** Looks at the counters of a message; `null` if the counts do not answer. */
export type FindUnverified = (
  looked: Looked,
  sums: Sums,
  now: Instant,
) => Promise<readonly FoundUnusual[] | null>

/** The buckets of a day's window, and some more for clocks that differ. */
const dayKept = 156

/** The most judgements that are remembered. */
const mostRemembered = 1_000

/** The counter of all messages to a country, except those to phones that are `known`. */
export function sentTo(region: string): string {
  return `~c:${region}|s`
}

/** The counter of those messages whose code was right. */
export function verifiedOf(counter: string): string {
  return `${counter}|v`
}

/**
 * Creates the rule. It only looks at buckets in which every code has been entered or has expired, so a judgement
 * holds until the next bucket begins, and each counter is read once in ten minutes.
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

/** The additions that count a sent message, in the bucket in which its code was made. */
export function sentAdditions(limits: Limits, booked: Booked): readonly Addition[] {
  if (!isLookedAt(limits, booked)) return []
  return [countryAddition(sentTo(booked.facts.region), booked, 1)]
}

/** The additions that count the messages of a right code, in the bucket in which the code was made. */
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

/** Returns false for phones that are `known`, which attackers do not have, and for messages on the `allow` lists. */
function isLookedAt({ rules }: Limits, { phoneClass, facts }: Looked): boolean {
  return rules.unverified.action !== 'off' && phoneClass !== 'known' && !facts.isAllowed
}

/** The budgets of other rules whose counters `unverified` also looks at. */
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

/** Remembers each counter's judgement until the next bucket begins. A failed read is tried again. */
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
