/** Counts units, such as messages and what they cost, in buckets of ten minutes. */

/** A ten-minute bucket: whole milliseconds since the epoch, divided by 600,000 and rounded down. */
export type Bucket = number

/** The buckets that a message is measured in: the running one, and the first of each window that ends with it. */
export interface CountWindows {
  readonly now: Bucket
  /** The bucket that another process may be in at this moment, near an edge. */
  readonly beside: Bucket | null
  readonly hour: Bucket
  readonly day: Bucket
  readonly week: Bucket
}

/** Units in each window. There is no upper end: what a clock ahead has written counts too. */
export interface CountSums {
  /** What the bucket `now` holds: its units, and those that are held in it but counted in the bucket beside. */
  readonly now: number
  /** The same of the bucket `beside`; 0 without one. */
  readonly beside: number
  readonly hour: number
  readonly day: number
  readonly week: number
}

/** Units to put on one bucket of a counter. */
export interface Addition {
  /** At most 64 ASCII characters, which are compared byte by byte. */
  readonly counter: string
  readonly bucket: Bucket
  /** A whole number, at least 1. */
  readonly units: number
  /** From this bucket on, the units no longer matter. */
  readonly keepUntil: Bucket
}

/** Units to put on one bucket of a counter while there is room. */
export interface Take extends Addition {
  /** The most units that the bucket may hold afterwards, at least `units`; `null`: no limit. */
  readonly room: number | null
  /** Whether the units are only held here, as they are counted in the bucket beside: in no sum, and in no series. */
  readonly isHold: boolean
}

/** What one bucket of a counter holds. */
export interface CountBucket {
  readonly counter: string
  readonly bucket: Bucket
  readonly units: number
}

/**
 * Counts units. Time comes in the arguments, never from a clock of the store. Writes are durable when their promise
 * settles, and outside any transaction of the application. `passport-second-factor/testing` holds the contract.
 */
export interface CountStore {
  /** The units of each counter, as of now, never from a replica that lags behind. Counters without units may be absent. */
  sums(counters: readonly string[], since: CountWindows): Promise<ReadonlyMap<string, CountSums>>

  /**
   * Takes units on all buckets, or on none: returns the counters without room, which are none where all was taken. Each
   * bucket is one atomic step. Where these steps lock, they do so in the order given, by counter and then bucket, which is
   * the same in every process.
   */
  take(takes: readonly Take[]): Promise<readonly string[]>

  /** Gives units back that were taken. A bucket that is gone or holds fewer is left at zero or absent. */
  release(takes: readonly Take[]): Promise<void>

  /** Adds units without a limit, in the order given. */
  add(additions: readonly Addition[]): Promise<void>

  /** The buckets of these counters from `from` on that hold units, in any order. */
  series(counters: readonly string[], from: Bucket): Promise<readonly CountBucket[]>

  /** Removes buckets whose `keepUntil` is not after `now`, at most about 500 of them; returns how many. */
  prune?(now: Bucket): Promise<number>
}
