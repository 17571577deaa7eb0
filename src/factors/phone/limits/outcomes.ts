/** Keeps what became of messages until a second has passed, and counts it by one statement: nobody waits for it. */

import type { Addition } from '../../../ports/count-store.js'
import type { BoundedCounts } from './bounded-counts.js'

/** The most rows of one statement, and as many are not kept any longer. */
const mostKept = 200

const flushMilliseconds = 1_000

/** Outcomes on their way to the counts. A process that is killed loses a second of them. */
export interface OutcomeBuffer {
  /** Keeps units; those of one counter and bucket are one. */
  add(additions: readonly Addition[]): void
  /** Writes what is kept, and stops the timer. */
  close(): Promise<void>
}

/** Makes the buffer. It has a timer only while it holds something, and the timer keeps no process alive. */
export function outcomeBuffer(counts: Pick<BoundedCounts, 'ask'>): OutcomeBuffer {
  let kept = new Map<string, Addition>()
  let timer: NodeJS.Timeout | null = null
  let flushing: Promise<void> = Promise.resolve()
  const flush = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const rows = sorted([...kept.values()])
    kept = new Map()
    // One after the other, so that a slow database is not asked ever more at once.
    flushing = flushing.then(() => write(rows))
    return flushing
  }
  const write = async (rows: readonly Addition[]) => {
    for (let first = 0; first < rows.length; first += mostKept) {
      // What fails is left out: added again, it might count twice.
      await counts.ask((store) => store.add(rows.slice(first, first + mostKept)))
    }
  }
  return {
    add(additions) {
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

/** In the order in which every process locks rows. */
function sorted(rows: readonly Addition[]): readonly Addition[] {
  return rows.toSorted((left, right) => {
    if (left.counter !== right.counter) return left.counter < right.counter ? -1 : 1
    return left.bucket - right.bucket
  })
}
