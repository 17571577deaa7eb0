/** Joins the reads of messages that are sent at once: under load, a round trip costs more than the rows. */

import type { CountStore, CountSums, CountWindows } from '../../../ports/count-store.js'

/** The most counters in one read. Messages that do not fit in it are read by another. */
const mostCounters = 64

interface Waiting {
  readonly counters: readonly string[]
  readonly since: CountWindows
  readonly resolve: (sums: ReadonlyMap<string, CountSums>) => void
  readonly reject: (error: unknown) => void
}

/** Messages that are read together, and their counters. */
interface Batch {
  readonly since: CountWindows
  readonly counters: Set<string>
  readonly messages: Waiting[]
}

/**
 * Joins the reads requested in one turn of the event loop, which often share counters. A read starts after each of those
 * requests, so it sees all units that were taken before, and it answers each with the sums of its own counters only.
 */
export function joinedSums(read: CountStore['sums']): CountStore['sums'] {
  let waiting: Waiting[] = []
  const flush = () => {
    const all = waiting
    waiting = []
    for (const batch of batchesOf(all)) void answer(read, batch)
  }
  return (counters, since) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ counters, since, resolve, reject }) === 1) setImmediate(flush)
    })
}

/** Puts messages with the same windows together, in their order. */
function batchesOf(all: readonly Waiting[]): readonly Batch[] {
  const batches: Batch[] = []
  const open = new Map<string, Batch>()
  for (const message of all) {
    const { counters, since } = message
    const windows = Object.values(since).join(' ')
    let batch = open.get(windows)
    if (batch === undefined || batch.counters.size + counters.length > mostCounters) {
      batch = { since, counters: new Set(), messages: [] }
      batches.push(batch)
      open.set(windows, batch)
    }
    for (const counter of counters) batch.counters.add(counter)
    batch.messages.push(message)
  }
  return batches
}

async function answer(
  read: CountStore['sums'],
  { counters: all, since, messages }: Batch,
): Promise<void> {
  try {
    const sums = await read([...all], since)
    for (const { counters, resolve } of messages) {
      resolve(
        new Map(
          counters.flatMap((counter) => {
            const found = sums.get(counter)
            return found === undefined ? [] : [[counter, found] as const]
          }),
        ),
      )
    }
  } catch (error) {
    for (const { reject } of messages) reject(error)
  }
}
