/** The time that the page of operators looks back over, cut into slots of whole buckets. */

import type { Instant } from '../core/state.js'
import type { Bucket, CountBucket } from '../ports/count-store.js'

/** Milliseconds of a bucket of the counts. */
export const bucketLength = 600_000

/** How far a page looks back. */
export type Span = 'hour' | 'day' | 'week'

/** Every span: its buckets, and how many of them make a slot of a plot. */
export const spans: Readonly<
  Record<Span, { readonly buckets: number; readonly perSlot: number; readonly label: string }>
> = {
  hour: { buckets: 6, perSlot: 1, label: 'Last hour' },
  day: { buckets: 144, perSlot: 3, label: 'Last 24 hours' },
  week: { buckets: 1_008, perSlot: 12, label: 'Last 7 days' },
}

/** Counts by counter, and then by bucket: what is no count of events is left out. */
export type Tally = ReadonlyMap<string, ReadonlyMap<Bucket, number>>

/** Makes the tally of what a store has returned. Units that are no whole number above 0 are none. */
export function tallyOf(series: readonly CountBucket[]): Tally {
  const tally = new Map<string, Map<Bucket, number>>()
  for (const { counter, bucket, units } of series) {
    if (!Number.isSafeInteger(units) || units <= 0 || !Number.isSafeInteger(bucket)) continue
    const buckets = tally.get(counter) ?? new Map<Bucket, number>()
    tally.set(counter, buckets.set(bucket, (buckets.get(bucket) ?? 0) + units))
  }
  return tally
}

/** Buckets from the first up to the last, both counted. */
export interface BucketRange {
  readonly first: Bucket
  readonly last: Bucket
}

/** A part of a plot. */
export interface Slot extends BucketRange {
  readonly from: Instant
  readonly to: Instant
}

/** The bucket of an instant. */
export function bucketAt(now: Instant): Bucket {
  return Math.floor(now / bucketLength)
}

/** The buckets of a span that ends now; a clock that is ahead of this one's may write into the next. */
export function rangeOf(span: Span, now: Instant): BucketRange {
  const last = bucketAt(now)
  return { first: last - spans[span].buckets + 1, last: last + 1 }
}

/** The slots of a span, the oldest first. */
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

/** The units of a counter in a range. */
export function unitsIn(tally: Tally, counter: string, { first, last }: BucketRange): number {
  let sum = 0
  for (const [bucket, units] of tally.get(counter) ?? []) {
    if (bucket >= first && bucket <= last) sum += units
  }
  return sum
}
