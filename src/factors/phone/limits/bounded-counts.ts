/** The counts with a timeout on every call, and their faults told. */

import { ConfigurationError, StoreUnavailableError } from '../../../core/errors.js'
import type { Instant } from '../../../core/state.js'
import type { Bucket, CountStore } from '../../../ports/count-store.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { Limits } from './options.js'

/** The same fault is told once in this time. */
const quietMilliseconds = 60_000

/** What every call of the limits goes through. */
export interface BoundedCounts {
  /** Queries the counts; on a fault or timeout reports it and returns `null`. */
  ask<T>(work: (counts: CountStore) => Promise<T>): Promise<T | null>
  /** Does work that nobody waits for, and that may fail. */
  try(work: (counts: CountStore) => Promise<unknown>): Promise<void>
  /** Removes old buckets in the background: once in each bucket, and more often while there are many. */
  prune(bucket: Bucket): void
}

/** Wraps the counts. */
export function boundedCounts(
  { counts, timeoutSeconds }: Pick<Limits, 'counts' | 'timeoutSeconds'>,
  { clock, emit, withDeadline }: Pick<FactorTools, 'clock' | 'emit' | 'withDeadline'>,
): BoundedCounts {
  const late = () => {
    return new StoreUnavailableError(`the counts did not answer within ${timeoutSeconds} s`)
  }
  const bounded = <T>(work: (counts: CountStore) => Promise<T>): Promise<T> =>
    withDeadline(begin(work, counts), timeoutSeconds, late)
  let toldAt: Instant | null = null
  const tell = (error: unknown) => {
    const now = clock()
    if (toldAt !== null && Math.abs(now - toldAt) < quietMilliseconds) return
    toldAt = now
    // Any other error may hold anything.
    const isOurs = error instanceof StoreUnavailableError || error instanceof ConfigurationError
    const message = isOurs ? error.message : 'the counts failed'
    emit({ type: 'fault', code: 'limits_unavailable', message })
  }
  let prunedIn: Bucket | null = null
  let isPruning = false
  return {
    async ask(work) {
      try {
        return await bounded(work)
      } catch (error) {
        tell(error)
        return null
      }
    },
    async try(work) {
      await bounded(work).catch(() => undefined)
    },
    prune(bucket) {
      if (isPruning || prunedIn === bucket || counts.prune === undefined) return
      isPruning = true
      prunedIn = bucket
      void begin(async () => (await counts.prune?.(bucket)) ?? 0, counts)
        .then((removed) => {
          // A full batch leaves more behind it.
          if (removed > 0) prunedIn = null
        })
        .catch(() => undefined)
        .finally(() => {
          isPruning = false
        })
    },
  }
}

/** Counts of somebody's own may throw at once. */
async function begin<T>(work: (counts: CountStore) => Promise<T>, counts: CountStore): Promise<T> {
  return work(counts)
}
