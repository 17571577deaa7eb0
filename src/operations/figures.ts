/** The numbers of the overview: sums of the counts over a range of time. */

import {
  bucketAt,
  rangeOf,
  slotsOf,
  unitsIn,
  type BucketRange,
  type Slot,
  type Span,
  type Tally,
} from './buckets.js'
import { counted, counterOf, otherCountry, waitNames, type Counted } from './counters.js'
import { quantile } from './waits.js'

/** The figures of a range of time. */
export interface Figures {
  readonly counts: Readonly<Record<Counted, number>>
  /** The median time from the message to the right code, in seconds; `null` if nobody verified. */
  readonly p50: number | null
  /** The 90th percentile of the same. */
  readonly p90: number | null
}

/** The figures of a slot. */
export interface SlotFigures extends Figures {
  readonly from: Date
  readonly to: Date
}

/** The messages to one country, and how many were verified. */
export interface CountryFigures {
  /** The ISO 3166 code, or `other`. */
  readonly country: string
  readonly sent: number
  readonly verified: number
}

/** All counters that the overview reads. */
export function countersOfPage(countries: readonly string[]): readonly string[] {
  const regions = [...countries, otherCountry]
  return [
    ...counted,
    ...waitNames,
    ...regions.flatMap((country) => [`s:${country}`, `v:${country}`]),
  ].map(counterOf)
}

/** The figures of a range. */
export function figuresIn(tally: Tally, range: BucketRange): Figures {
  const sumOf = (name: string) => unitsIn(tally, counterOf(name), range)
  const waits = waitNames.map(sumOf)
  return {
    counts: Object.fromEntries(counted.map((name) => [name, sumOf(name)])) as Figures['counts'],
    p50: quantile(waits, 0.5),
    p90: quantile(waits, 0.9),
  }
}

/** The figures of each slot of a span, oldest first. */
export function figuresBySlot(tally: Tally, span: Span, now: number): readonly SlotFigures[] {
  return slotsOf(span, now).map((slot: Slot) => ({
    ...{ from: new Date(slot.from), to: new Date(slot.to) },
    ...figuresIn(tally, slot),
  }))
}

/** The countries that messages went to in a range, most messages first. */
export function figuresByCountry(
  tally: Tally,
  countries: readonly string[],
  range: BucketRange,
): readonly CountryFigures[] {
  return [...countries, otherCountry]
    .map((country) => ({
      country,
      sent: unitsIn(tally, counterOf(`s:${country}`), range),
      verified: unitsIn(tally, counterOf(`v:${country}`), range),
    }))
    .filter(({ sent, verified }) => sent > 0 || verified > 0)
    .toSorted((left, right) => right.sent - left.sent || (left.country < right.country ? -1 : 1))
}

/**
 * For each country, the messages of the last hour that have had ten minutes to be answered, and all codes verified in
 * that hour. Codes still on their way thus count against no country.
 */
export function settledCountries(
  tally: Tally,
  countries: readonly string[],
  now: number,
): readonly CountryFigures[] {
  const { first, last } = rangeOf('hour', now)
  const settled = figuresByCountry(tally, countries, { first, last: bucketAt(now) - 1 })
  return settled.map(({ country, sent }) => ({
    ...{ country, sent },
    verified: unitsIn(tally, counterOf(`v:${country}`), { first, last }),
  }))
}
