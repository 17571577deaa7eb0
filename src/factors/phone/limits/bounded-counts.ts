/** Wraps the counts: every call has a timeout, and faults are reported. */

import { ConfigurationError, StoreUnavailableError } from '../../../core/errors.js'
import type { Instant } from '../../../core/state.js'
import type { Bucket, CountStore } from '../../../ports/count-store.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { Limits } from './options.js'

/** Faults are reported once in this time. */
const quietMilliseconds = 60_000

/** The access to the counts that the limits use. */
export interface BoundedCounts {
  /** Queries the counts; on a fault or timeout reports it and returns `null`. */
  ask<T>(work: (counts: CountStore) => Promise<T>): Promise<T | null>
  /** Runs work whose errors are ignored. */
  try(work: (counts: CountStore) => Promise<unknown>): Promise<void>
  /** Removes old buckets in the background: once per bucket, and more often while many are left. */
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
    // The text of any other error may hold secrets.
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
          // There may be more to remove.
          if (removed > 0) prunedIn = null
        })
        .catch(() => undefined)
        .finally(() => {
          isPruning = false
        })
    },
  }
}

/** Turns a synchronous throw, which an application's own counts may do, into a rejection. */
async function begin<T>(work: (counts: CountStore) => Promise<T>, counts: CountStore): Promise<T> {
  return work(counts)
}
