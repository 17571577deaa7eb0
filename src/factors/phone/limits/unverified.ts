/** Finds unusually many messages without a right code, as when attackers have them sent to their own phones. */

import type { Bucket, CountBucket } from '../../../ports/count-store.js'
import type { LimitWindow } from './windows.js'

/** Sent messages, and those whose code was right, both in the buckets in which their codes were made. */
export interface Outcomes {
  readonly sent: readonly CountBucket[]
  readonly verified: readonly CountBucket[]
}

/** The number of unverified messages that is allowed on top of what is usual. */
export interface Floors {
  readonly hour: number
  readonly day: number
}

/** A window with more unverified messages than `limit`. */
export interface Unusual {
  readonly window: Extract<LimitWindow, 'hour' | 'day'>
  readonly count: number
  readonly limit: number
}

/** The floors for a country. */
export const countryFloors: Floors = { hour: 5, day: 20 }

/** The floors for a prefix and a network. */
export const narrowFloors: Floors = { hour: 5, day: 10 }

/** The number of buckets in an hour and a day. */
const windows = { hour: 6, day: 144 } as const

/** The days that define what is usual. An attack must last for more than half of them to look usual. */
const usualDays = 14

/** The ratio assumed for a counter without a past; it weighs as much as a hundred verified messages. */
const assumed = { ratio: 15 / 85, weight: 100 } as const

/** The number of buckets that `usualRatio` looks back. */
export const usualBuckets = (usualDays + 1) * windows.day

/** The number of buckets back from the running one after which every code has been entered or has expired. */
export function settledBuckets(codeSeconds: number): number {
  return 1 + Math.ceil(codeSeconds / 600)
}

/**
 * The unverified messages for each verified one on a usual day: the median of the fourteen days before the day that
 * ends with `last`, each at most 1. Days without messages are left out.
 */
export function usualRatio({ sent, verified }: Outcomes, last: Bucket): number {
  const sentOn = unitsByDay(sent, last)
  const verifiedOn = unitsByDay(verified, last)
  const ratios = sentOn.flatMap((units, day) => {
    if (day === 0 || units === 0) return []
    const right = verifiedOn[day] ?? 0
    return [Math.min(1, Math.max(0, units - right) / Math.max(1, right))]
  })
  const { ratio, weight } = assumed
  const past = verifiedOn.slice(1).reduce((sum, units) => sum + units, 0)
  return ((medianOf(ratios) ?? ratio) * past + ratio * weight) / (past + weight)
}

/**
 * The window, ending with `last`, that has more unverified messages than chance explains: more than the usual number
 * for its verified ones, plus four standard deviations and a floor. Both numbers vary, so the variance includes both.
 * `null` if no window does.
 */
export function findUnusual(
  { sent, verified }: Outcomes,
  last: Bucket,
  ratio: number,
  floors: Floors,
): Unusual | null {
  for (const window of ['hour', 'day'] as const) {
    const first = last - windows[window] + 1
    const right = unitsWithin(verified, first, last)
    const count = unitsWithin(sent, first, last) - right
    const usual = ratio * right
    const limit = Math.floor(floors[window] + usual + 4 * Math.sqrt(usual * (1 + ratio)))
    if (count > limit) return { window, count, limit }
  }
  return null
}

/** The units of the day that ends with `last`, and of each day before it. */
function unitsByDay(series: readonly CountBucket[], last: Bucket): readonly number[] {
  const days = Array.from({ length: usualDays + 1 }, () => 0)
  for (const { bucket, units } of series) {
    const day = Math.floor((last - bucket) / windows.day)
    if (day >= 0 && day <= usualDays) days[day] = (days[day] ?? 0) + units
  }
  return days
}

function unitsWithin(series: readonly CountBucket[], first: Bucket, last: Bucket): number {
  return series.reduce(
    (sum, { bucket, units }) => (bucket >= first && bucket <= last ? sum + units : sum),
    0,
  )
}

function medianOf(numbers: readonly number[]): number | null {
  const ascending = numbers.toSorted((left, right) => left - right)
  const middle = ascending.length / 2
  const pair = [ascending[Math.ceil(middle) - 1], ascending[Math.floor(middle)]]
  const [low, high] = pair
  return low === undefined || high === undefined ? null : (low + high) / 2
}
