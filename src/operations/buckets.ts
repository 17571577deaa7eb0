/** Divides the time that the overview looks back on into slots of whole buckets. */

import type { Instant } from '../core/state.js'
import type { Bucket, CountBucket } from '../ports/count-store.js'

/** The length of a bucket of the counts, in milliseconds. */
export const bucketLength = 600_000

/** The windows of the overview. */
export type Span = 'hour' | 'day' | 'week'

/** Each span: its number of buckets, and how many of them make up a slot of a plot. */
export const spans: Readonly<
  Record<Span, { readonly buckets: number; readonly perSlot: number; readonly label: string }>
> = {
  hour: { buckets: 6, perSlot: 1, label: 'Last hour' },
  day: { buckets: 144, perSlot: 3, label: 'Last 24 hours' },
  week: { buckets: 1_008, perSlot: 12, label: 'Last 7 days' },
}

/** Units by counter, then by bucket. Invalid counts are left out. */
export type Tally = ReadonlyMap<string, ReadonlyMap<Bucket, number>>

/** Makes the tally from the series of a store. Units that are not a whole number above 0 are skipped. */
export function tallyOf(series: readonly CountBucket[]): Tally {
  const tally = new Map<string, Map<Bucket, number>>()
  for (const { counter, bucket, units } of series) {
    if (!Number.isSafeInteger(units) || units <= 0 || !Number.isSafeInteger(bucket)) continue
    const buckets = tally.get(counter) ?? new Map<Bucket, number>()
    tally.set(counter, buckets.set(bucket, (buckets.get(bucket) ?? 0) + units))
  }
  return tally
}

/** A range of buckets, both ends included. */
export interface BucketRange {
  readonly first: Bucket
  readonly last: Bucket
}

/** One slot of a plot: a bar, or a point of a line. */
export interface Slot extends BucketRange {
  readonly from: Instant
  readonly to: Instant
}

/** The bucket of an instant. */
export function bucketAt(now: Instant): Bucket {
  return Math.floor(now / bucketLength)
}

/**
 * The buckets of a span that ends now. It includes the next bucket, because a process with a faster clock may already
 * count there.
 */
export function rangeOf(span: Span, now: Instant): BucketRange {
  const last = bucketAt(now)
  return { first: last - spans[span].buckets + 1, last: last + 1 }
}

/** The slots of a span, oldest first. */
export function slotsOf(span: Span, now: Instant): readonly Slot[] {
  const { buckets, perSlot } = spans[span]
  const last = bucketAt(now)
  return Array.from({ length: buckets / perSlot }, (_none, index) => {
    const first = last - buckets + 1 + index * perSlot
    const end = first + perSlot
    const isNewest = end > last
    return {
      first,
      last: isNewest ? end : end - 1,
      from: first * bucketLength,
      to: end * bucketLength,
    }
  })
}

/** The sum of a counter's units in a range. */
export function unitsIn(tally: Tally, counter: string, { first, last }: BucketRange): number {
  let sum = 0
  for (const [bucket, units] of tally.get(counter) ?? []) {
    if (bucket >= first && bucket <= last) sum += units
  }
  return sum
}
