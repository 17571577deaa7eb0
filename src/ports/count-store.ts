/** Counts units, such as messages or their cost, in ten-minute buckets. */

/** A ten-minute bucket: whole milliseconds since the epoch, divided by 600,000 and rounded down. */
export type Bucket = number

/** The current bucket, and the first bucket of each window that ends with it. */
export interface CountWindows {
  readonly now: Bucket
  /** Near the edge of a bucket: the neighbouring bucket, which another process's clock may already or still be in. */
  readonly beside: Bucket | null
  readonly hour: Bucket
  readonly day: Bucket
  readonly week: Bucket
}

/** Units in each window. Windows have no upper end, so units from a clock that is ahead count too. */
export interface CountSums {
  /** Units in the bucket `now`, plus those only held there because they count in the bucket `beside`. */
  readonly now: number
  /** The same for the bucket `beside`; 0 if there is none. */
  readonly beside: number
  readonly hour: number
  readonly day: number
  readonly week: number
}

/** Units to add to one bucket of a counter. */
export interface Addition {
  /** The counter's name: at most 64 ASCII characters. Compare names byte by byte. */
  readonly counter: string
  readonly bucket: Bucket
  /** A whole number, at least 1. */
  readonly units: number
  /** The bucket from which the units no longer matter. */
  readonly keepUntil: Bucket
}

/** Units to add to one bucket of a counter if there is room. */
export interface Take extends Addition {
  /** The most units that the bucket may contain afterwards, at least `units`; `null` for no limit. */
  readonly room: number | null
  /**
   * True if the units are only held here and count in the neighbouring bucket: left out of window sums and `series`.
   */
  readonly isHold: boolean
}

/** The units in one bucket of a counter. */
export interface CountBucket {
  readonly counter: string
  readonly bucket: Bucket
  readonly units: number
}

/**
 * Counts units. The time is always an argument; a store must not use its own clock. A write is durable when its promise
 * resolves, and runs outside the application's transactions. `passport-second-factor/testing` has the contract tests.
 */
export interface CountStore {
  /** Returns the current units of each counter, never from a lagging replica. A counter without units may be absent. */
  sums(counters: readonly string[], since: CountWindows): Promise<ReadonlyMap<string, CountSums>>

  /**
   * Takes the units from every bucket or from none, and returns the counters that had no room: none if all were
   * taken. Each bucket is one atomic step. `takes` is sorted by counter and then bucket; lock in that order, which is
   * the same in every process, to avoid deadlocks.
   */
  take(takes: readonly Take[]): Promise<readonly string[]>

  /** Gives back units that were taken. A bucket with fewer units becomes zero or absent; a missing one stays so. */
  release(takes: readonly Take[]): Promise<void>

  /** Adds units without a limit, in the given order. */
  add(additions: readonly Addition[]): Promise<void>

  /** Returns the non-empty buckets of these counters from `from` on, in any order. */
  series(counters: readonly string[], from: Bucket): Promise<readonly CountBucket[]>

  /**
   * Removes every bucket of these counters. `release` of their units afterwards changes nothing. Without it,
   * `forgetPhone` cannot be used.
   */
  forget?(counters: readonly string[]): Promise<void>

  /** Removes up to about 500 buckets whose `keepUntil` is not after `now`, and returns the number removed. */
  prune?(now: Bucket): Promise<number>
}
