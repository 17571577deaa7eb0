/** Batches the swaps of many requests into one statement: under load, the commit costs more than the rows. */

import type { Bind } from './row-values.js'

/** The most rows that one statement writes. */
export const maxSwaps = 32

/** A row to write if it still has the expected version. */
export interface Swap {
  readonly subject: string
  readonly expectedVersion: number
  /** The values of `columns`. */
  readonly binds: readonly Bind[]
  /** True if the row is known to have the same `keep_until`, which is the last of them. */
  readonly isKept: boolean
}

/** Writes rows one by one or by the batch. */
export interface RowWriter {
  /** Returns true if the row still had the expected version and is written. */
  one(swap: Swap): Promise<boolean>
  /**
   * Writes rows of different subjects and returns the subjects of those written. Passes over a row that has another
   * version, or that another transaction has locked. Returns `null` if one of them made the database undo all.
   */
  many(swaps: readonly Swap[]): Promise<readonly string[] | null>
}

interface Waiting {
  readonly swap: Swap
  readonly resolve: (held: boolean) => void
  readonly reject: (error: unknown) => void
}

/**
 * Batches the swaps requested in one turn of the event loop. Each gets the same result as if it ran alone: one that the
 * batch passed over runs alone afterwards, and so does each of a batch that was undone: nobody waits or fails for another
 * user's row.
 */
export function batchedSwaps(writer: RowWriter): (swap: Swap) => Promise<boolean> {
  let waiting: Waiting[] = []
  const flush = () => {
    const all = waiting
    waiting = []
    const bySubject = new Map<string, Waiting>()
    for (const each of all) {
      // One statement writes a row only once.
      if (bySubject.has(each.swap.subject)) runAlone(writer, each)
      else bySubject.set(each.swap.subject, each)
    }
    const batchable = [...bySubject.values()]
    for (let at = 0; at < batchable.length; at += maxSwaps) {
      run(writer, batchable.slice(at, at + maxSwaps))
    }
  }
  return (swap) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ swap, resolve, reject }) === 1) setImmediate(flush)
    })
}

function run(writer: RowWriter, batch: readonly Waiting[]): void {
  const [first] = batch
  if (batch.length === 1 && first !== undefined) {
    runAlone(writer, first)
    return
  }
  writer.many(batch.map(({ swap }) => swap)).then(
    (written) => {
      const held = new Set(written)
      for (const each of batch) {
        if (held.has(each.swap.subject)) each.resolve(true)
        else runAlone(writer, each)
      }
    },
    (error: unknown) => {
      // Unlike a read, a swap whose outcome is not known is never run again.
      for (const { reject } of batch) reject(error)
    },
  )
}

function runAlone(writer: RowWriter, { swap, resolve, reject }: Waiting): void {
  writer.one(swap).then(resolve, reject)
}
