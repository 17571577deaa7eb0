/** Sliding windows over buckets of ten minutes. */

import type { Instant } from '../../../core/state.js'
import type { Bucket, CountBucket, CountSums, CountWindows } from '../../../ports/count-store.js'

/** A window of a limit. */
export type LimitWindow = 'hour' | 'day' | 'week'

/** The most units within a window. */
export interface Cap {
  readonly window: LimitWindow
  /** A whole number of units. */
  readonly limit: number
}

/** Milliseconds of a bucket. */
const bucketLength = 600_000

/**
 * The buckets of each window besides the running one. The running bucket is not over, so one extra bucket keeps every
 * hour, day or week within the limit, wherever it begins.
 */
const spans: Readonly<Record<LimitWindow, number>> = { hour: 6, day: 144, week: 1_008 }

/** The longest that a message may take to reach the store. */
const lagMilliseconds = 10_000

/** Clocks of different machines are at most thirty seconds apart. */
const edgeMilliseconds = 30_000 + lagMilliseconds

/** The bucket of an instant. */
export function bucketOf(now: Instant): Bucket {
  return Math.floor(now / bucketLength)
}

/** The buckets in which a message is counted and compared at this instant. */
export function windowsAt(now: Instant): CountWindows {
  const bucket = bucketOf(now)
  const { hour, day, week } = spans
  return {
    now: bucket,
    beside: besideOf(now),
    hour: bucket - hour,
    day: bucket - day,
    week: bucket - week,
  }
}

/** The bucket that a process with a different clock may be in; `null` in the middle of a bucket. */
function besideOf(now: Instant): Bucket | null {
  const bucket = bucketOf(now)
  const past = now - bucket * bucketLength
  if (past < edgeMilliseconds) return bucket - 1
  return past >= bucketLength - edgeMilliseconds ? bucket + 1 : null
}

/** The first bucket in which this bucket's units no longer matter, plus some hours for clocks that differ. */
export function keepUntil(bucket: Bucket, caps: readonly Cap[]): Bucket {
  return bucket + (caps.some(({ window }) => window === 'week') ? 1_152 : 156)
}

/** True if the call took so long that its bucket may have rolled over. */
export function isTooLate(readAt: Instant, now: Instant): boolean {
  return Math.abs(now - readAt) > lagMilliseconds
}

/**
 * The most that a bucket may hold under the tightest cap. `held` is what it holds now; the rest of each window's sum
 * is already used. Impossible sums leave no room.
 */
export function roomIn(caps: readonly Cap[], sums: CountSums, held: number): number {
  const rooms = caps.map(({ window, limit }) => limit - (sums[window] - held))
  return Object.values(sums).every((sum: number) => sum >= 0) ? Math.min(...rooms) : 0
}

/** The caps that have no room for this many units. */
export function spentCaps(caps: readonly Cap[], sums: CountSums, units: number): readonly Cap[] {
  return caps.filter(({ window, limit }) => !(sums[window] >= 0 && sums[window] + units <= limit))
}

/** The time at which enough old buckets have left their windows for this many units to fit. */
export function freeAt(
  caps: readonly Cap[],
  series: readonly CountBucket[],
  units: number,
  now: Bucket,
): Instant {
  const ascending = series.toSorted((left, right) => left.bucket - right.bucket)
  const frees = caps.map(({ window, limit }) => {
    const inWindow = ascending.filter(({ bucket }) => bucket >= now - spans[window])
    let held = inWindow.reduce((sum, each) => sum + each.units, 0)
    let free = now
    for (const each of inWindow) {
      if (held + units <= limit) break
      held -= each.units
      free = each.bucket + spans[window] + 1
    }
    return free
  })
  return Math.max(now + 1, ...frees) * bucketLength
}

/**
 * The bucket for a unit that should count for this many seconds. It lies in the past, so that the day's window passes
 * it after that time.
 */
export function bucketForDuration(now: Bucket, seconds: number): Bucket {
  const buckets = Math.ceil((seconds * 1000) / bucketLength)
  return now - spans.day - 1 + Math.min(Math.max(buckets, 1), spans.day)
}
