/** Collects the outcomes of messages for a second and then writes them together, so that no request waits. */

import type { Addition } from '../../../ports/count-store.js'
import type { BoundedCounts } from './bounded-counts.js'

/** The most rows in one write. The buffer is written early when it holds this many. */
const mostKept = 200

/** The most rows that wait for counts that are slow. Outcomes beyond them are dropped, to bound the memory. */
const mostWaiting = 10_000

const flushMilliseconds = 1_000

/** Outcomes on their way to the counts. A process that is killed loses up to a second of them. */
export interface OutcomeBuffer {
  /** Collects units, summed by counter and bucket. */
  add(additions: readonly Addition[]): void
  /** Writes what is collected, and stops the timer. */
  close(): Promise<void>
}

/** Creates the buffer. It has a timer only while it holds something, and the timer does not keep the process alive. */
export function outcomeBuffer(counts: Pick<BoundedCounts, 'ask'>): OutcomeBuffer {
  let kept = new Map<string, Addition>()
  let timer: NodeJS.Timeout | null = null
  let waiting = 0
  let flushing: Promise<void> = Promise.resolve()
  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const rows = sorted([...kept.values()])
    kept = new Map()
    waiting += rows.length
    // One write at a time, because parallel writes would pile up on a slow database.
    flushing = flushing.then(() => write(rows))
    return flushing
  }
  const write = async (rows: readonly Addition[]) => {
    for (let first = 0; first < rows.length; first += mostKept) {
      const batch = rows.slice(first, first + mostKept)
      // A failed write is not repeated, because it might count twice.
      await counts.ask((store) => store.add(batch))
      waiting -= batch.length
    }
  }
  return {
    add(additions) {
      if (waiting >= mostWaiting) return
      for (const addition of additions) {
        const key = `${addition.counter} ${addition.bucket}`
        const units = (kept.get(key)?.units ?? 0) + addition.units
        kept.set(key, { ...addition, units })
      }
      if (kept.size >= mostKept) void flush()
      else if (kept.size > 0) timer ??= setTimeout(() => void flush(), flushMilliseconds).unref()
    },
    close: flush,
  }
}

/** Sorts rows in the order in which every process locks them. */
function sorted(rows: readonly Addition[]): readonly Addition[] {
  return rows.toSorted((left, right) => {
    if (left.counter !== right.counter) return left.counter < right.counter ? -1 : 1
    return left.bucket - right.bucket
  })
}
