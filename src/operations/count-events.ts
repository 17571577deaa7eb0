/** Counts events for the page of operators, in the counts that all processes share. */

import { withDeadline } from '../flows/deadline.js'
import type { Addition, CountStore } from '../ports/count-store.js'
import type { EventSink } from '../ports/event-sink.js'
import { bucketLength } from './buckets.js'
import { countersOf } from './counters.js'

/** Buckets that a count is kept for: seven days, and some hours for clocks that differ. */
const keptBuckets = 1_152

/** So many counts go to the store at once, before the second is over. */
const flushAt = 200

/** Where the store has been away for long, the oldest counts are dropped: a page of numbers is not worth the memory. */
const mostKept = 5_000

const flushMilliseconds = 1_000

/** A write that takes longer counts as failed. */
const timeoutSeconds = 5

/** A sink that counts, and writes what it has counted when told to. */
export interface CountingSink extends EventSink {
  /** Writes what is waiting. Never rejects: what could not be written waits for the next time. */
  readonly flush: () => Promise<void>
}

/**
 * Makes the sink. Events of a second are written in one call; a process that is killed loses that second. Nobody waits for
 * a write, and one that fails is tried again with the next.
 */
export function countEvents(counts: Pick<CountStore, 'add'>): CountingSink {
  let waiting = new Map<string, Addition>()
  let timer: NodeJS.Timeout | null = null
  let isFailing = false
  let writing: Promise<void> = Promise.resolve()
  // A write that has not begun, and takes what waits by then.
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
  // One after the other, so that a slow store is not asked again and again at once.
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
      // A store that fails is asked once a second, however much is waiting.
      if (waiting.size >= flushAt && !isFailing) void flush()
      else if (waiting.size > 0) schedule()
    },
    flush,
  }
}

/** Every process writes in this order, so that none waits for another that waits for it. */
function byCounter(left: Addition, right: Addition): number {
  if (left.counter === right.counter) return left.bucket - right.bucket
  return left.counter < right.counter ? -1 : 1
}
