/** Counts events for the overview, in counts shared by all processes. */

import { withDeadline } from '../flows/deadline.js'
import type { Addition, CountStore } from '../ports/count-store.js'
import type { EventSink } from '../ports/event-sink.js'
import { bucketLength } from './buckets.js'
import { countersOf } from './counters.js'

/** The lifetime of a count, in buckets: seven days, and some hours for clocks that differ. */
const keptBuckets = 1_152

/** With this many counts waiting, they are written before the second is over. */
const flushAt = 200

/** If the store is away for long, the oldest counts are dropped: an overview is not worth the memory. */
const mostKept = 5_000

const flushMilliseconds = 1_000

/** A write that takes longer counts as failed. */
const timeoutSeconds = 5

/** A sink that counts events, and can be told to write its counts. */
export interface CountingSink extends EventSink {
  /** Writes the waiting counts. Never rejects: counts that could not be written stay for the next call. */
  readonly flush: () => Promise<void>
}

/**
 * Makes the sink. The events of a second are written in one call; a process that is killed loses that second. Nothing
 * waits for a write, and a failed write is repeated with the next one.
 */
export function countEvents(counts: Pick<CountStore, 'add'>): CountingSink {
  let waiting = new Map<string, Addition>()
  let timer: NodeJS.Timeout | null = null
  let isFailing = false
  let writing: Promise<void> = Promise.resolve()
  // A write that has not started yet; it will include everything counted until then.
  let next: Promise<void> | null = null

  const put = (addition: Addition) => {
    const key = `${addition.counter} ${addition.bucket}`
    const units = (waiting.get(key)?.units ?? 0) + addition.units
    waiting.set(key, { ...addition, units })
    if (waiting.size > mostKept) waiting.delete(waiting.keys().next().value ?? '')
  }
  const write = async () => {
    const batch = [...waiting.values()].toSorted(byCounter)
    waiting = new Map()
    if (batch.length === 0) return
    try {
      await withDeadline(counts.add(batch), timeoutSeconds, () => new Error('late'))
      isFailing = false
    } catch {
      isFailing = true
      batch.forEach(put)
      schedule()
    }
  }
  // Writes run one at a time, so that a slow store never has several at once.
  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    next ??= writing.then(() => {
      next = null
      return write()
    })
    writing = next
    return next
  }
  const schedule = () => {
    timer ??= setTimeout(() => void flush(), flushMilliseconds).unref()
  }
  return {
    emit(event) {
      const bucket = Math.floor(event.at.getTime() / bucketLength)
      const keepUntil = bucket + keptBuckets
      for (const counter of countersOf({ ...event })) put({ counter, bucket, units: 1, keepUntil })
      // A failing store gets one call per second, however many counts are waiting.
      if (waiting.size >= flushAt && !isFailing) void flush()
      else if (waiting.size > 0) schedule()
    },
    flush,
  }
}

/** All processes write rows in the same order, which prevents deadlocks. */
function byCounter(left: Addition, right: Addition): number {
  if (left.counter === right.counter) return left.bucket - right.bucket
  return left.counter < right.counter ? -1 : 1
}
