/** Reads for many requests in one statement: under load, the way to the database costs more than the rows. */

/** Keys of a batch. The statement is prepared once, so that a shorter batch repeats one of its keys. */
export const batchSize = 16

/** How rows are read. */
export interface RowReader<Row> {
  /** The row of one key, or `null`. */
  one(key: string): Promise<Row | null>
  /** The rows of `batchSize` keys, in any order, without those that are not there. */
  many(keys: string[]): Promise<readonly Row[]>
  /** The key of a row. */
  keyOf(row: Row): unknown
}

interface Waiting<Row> {
  readonly key: string
  readonly resolve: (row: Row | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * Reads together what is asked for in one turn of the event loop. Each read still begins after it was asked for, so that
 * it sees every write that was done by then.
 */
export function batchedReads<Row>(reader: RowReader<Row>): (key: string) => Promise<Row | null> {
  let waiting: Waiting<Row>[] = []
  const flush = () => {
    const all = waiting
    waiting = []
    for (let at = 0; at < all.length; at += batchSize) read(reader, all.slice(at, at + batchSize))
  }
  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ key, resolve, reject }) === 1) setImmediate(flush)
    })
}

function read<Row>(reader: RowReader<Row>, batch: readonly Waiting<Row>[]): void {
  const [first] = batch
  if (first === undefined) return
  if (batch.length === 1) {
    reader.one(first.key).then(first.resolve, first.reject)
    return
  }
  const keys = Array.from({ length: batchSize }, (_, at) => (batch[at] ?? first).key)
  reader.many(keys).then(
    (rows) => {
      answer(reader, batch, rows)
    },
    (error: unknown) => {
      for (const { reject } of batch) reject(error)
    },
  )
}

function answer<Row>(
  reader: RowReader<Row>,
  batch: readonly Waiting<Row>[],
  rows: readonly Row[],
): void {
  const byKey = new Map(rows.map((row) => [reader.keyOf(row), row]))
  const asked = new Set<unknown>(batch.map(({ key }) => key))
  // A database that compares more loosely than keys differ finds rows that nobody asked for.
  const isExact = [...byKey.keys()].every((key) => asked.has(key))
  for (const { key, resolve, reject } of batch) {
    if (isExact) resolve(byKey.get(key) ?? null)
    else reader.one(key).then(resolve, reject)
  }
}
