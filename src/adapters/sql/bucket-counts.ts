/** A count store in SQL: one statement reads all sums, and one takes units on all counters (several on MySQL). */

import type { CountBucket, CountStore, CountSums, Take } from '../../ports/count-store.js'
import { inBatches, padded } from './batch-sizes.js'
import { countStatements } from './count-statements.js'
import { taker } from './count-taker.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import type { Table } from './table.js'

/** Makes a count store on an SQL table, over any executor. */
export function countsIn(
  table: Table,
  dialect: Dialect,
  database: Executor,
): CountStore & Required<Pick<CountStore, 'forget' | 'prune'>> {
  const sql = countStatements(dialect, table.quoted)
  const takeRows = taker(database, sql, dialect)
  const release = async (takes: readonly Take[]) => {
    // One by one: a statement over several rows locks them in an unpredictable order, so two could deadlock.
    for (const { units, isHold, counter, bucket } of takes) {
      await database.change(sql.release, [units, isHold ? 0 : units, counter, bucket])
    }
  }
  return {
    async sums(counters, { now, beside, hour, day, week }) {
      if (counters.length === 0) return new Map()
      const names = padded(counters)
      const binds = [now, beside ?? noBucket, hour, day, week, ...names]
      const rows = await database.all(sql.sums(names.length), binds)
      return new Map(rows.map((row) => sumsOf(JSON.parse(row) as CountSums & Named)))
    },
    async take(takes) {
      if (takes.length === 0) return []
      const { taken, full } = await takeRows(takes)
      if (full.length > 0) await release(taken)
      return [...new Set(full.map(({ counter }) => counter))]
    },
    release,
    async add(additions) {
      const takes = additions.map((each) => ({ ...each, room: null, isHold: false }))
      for (const batch of inBatches(takes)) await takeRows(batch)
    },
    async series(counters, from) {
      if (counters.length === 0) return []
      const names = padded(counters)
      const rows = await database.all(sql.series(names.length), [from, ...names])
      return rows.map((row) => JSON.parse(row) as CountBucket)
    },
    async forget(counters) {
      // In order, and one by one, as takes lock them.
      for (const counter of counters.toSorted()) await database.change(sql.forget, [counter])
    },
    prune: (now) => database.change(sql.prune, [now]),
  }
}

/** The number of a bucket that never exists. */
const noBucket = -1

interface Named {
  readonly counter: string
}

function sumsOf({ counter, ...sums }: CountSums & Named): [string, CountSums] {
  return [counter, sums]
}
