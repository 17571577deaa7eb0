/** Makes lists of few lengths, because drivers keep each statement prepared on every connection. */

// A statement for each length would fill PostgreSQL's memory, and reach `max_prepared_stmt_count` on MySQL and MariaDB.

/** Cuts a list into batches whose sizes are powers of 4, in order. */
export function* inBatches<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < list.length;) {
    const size = 4 ** Math.floor(Math.log2(list.length - from) / 2)
    yield list.slice(from, from + size)
    from += size
  }
}

/** Repeats the last item until the length is a power of 4, from 16 on. For lists in which repeats change nothing. */
export function padded<T extends string | number>(list: readonly T[]): readonly T[] {
  const last = list.at(-1)
  if (last === undefined || list.length <= 16) return list
  const size = 4 ** Math.ceil(Math.log2(list.length) / 2)
  return Array.from({ length: size }, (_none, at) => list[at] ?? last)
}
