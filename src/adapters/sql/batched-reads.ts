/** Batches the reads of many requests into one statement: under load, the round trip costs more than the rows. */

/** Keys per batch. There is one prepared statement, so a shorter batch repeats its first key to fill up. */
export const batchSize = 16

/** Reads rows one by one or by the batch. */
export interface RowReader<Row> {
  /** Returns the row with this key, or `null`. */
  one(key: string): Promise<Row | null>
  /** Returns the rows with these `batchSize` keys, in any order; missing rows are left out. */
  many(keys: string[]): Promise<readonly Row[]>
  /** Returns the row's key. */
  keyOf(row: Row): unknown
}

interface Waiting<Row> {
  readonly key: string
  readonly resolve: (row: Row | null) => void
  readonly reject: (error: unknown) => void
}

/**
 * Batches the reads requested in one turn of the event loop. The statement starts after each of those requests, so every
 * read sees all writes that finished before it was requested.
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
    readEach(reader, batch)
    return
  }
  const keys = Array.from({ length: batchSize }, (_, at) => (batch[at] ?? first).key)
  reader.many(keys).then(
    (rows) => {
      answer(reader, batch, rows)
    },
    () => {
      // One of the keys or rows may be at fault, such as a key that the database's encoding lacks.
      readEach(reader, batch)
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
  // A collation that treats different keys as equal returns rows that nobody asked for.
  const isExact = [...byKey.keys()].every((key) => asked.has(key))
  if (!isExact) {
    readEach(reader, batch)
    return
  }
  for (const { key, resolve } of batch) resolve(byKey.get(key) ?? null)
}

/** Reads row by row, so that each read gets its own result or its own error. */
function readEach<Row>(reader: RowReader<Row>, batch: readonly Waiting<Row>[]): void {
  for (const { key, resolve, reject } of batch) reader.one(key).then(resolve, reject)
}
