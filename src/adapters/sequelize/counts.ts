/** Counts on Sequelize: one statement reads the sums of all counters, and one takes on all of them. */

import type { Sequelize } from 'sequelize'

import { assertKnownOptions } from '../../core/known-options.js'
import type { CountBucket, CountStore, CountSums, Take } from '../../ports/count-store.js'
import { countStatements } from './count-statements.js'
import { keyOf, taker } from './count-taker.js'
import { countsTable } from './counts-table.js'
import { dialectOf } from './dialect.js'
import { executorOf } from './executor.js'
import { checkedInstance } from './instance.js'
import { countMigrations } from './migrations.js'
import { tableOf, tableOptionNames } from './table.js'

/** The database and the table that keep the counts. */
export interface SequelizeCountsOptions {
  /** The application's own instance, of Sequelize 6 on SQLite (3.35), PostgreSQL, MySQL (8.0.17) or MariaDB (10.2). */
  readonly sequelize: Sequelize
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_counts'
   */
  readonly tableName?: string | undefined
  /**
   * The schema that holds the table, on PostgreSQL alone.
   *
   * @default that of Sequelize's own options `define.schema` and `schema`, else the first of the role's `search_path`
   */
  readonly schema?: string | undefined
}

/** The counts, with what an SQL database adds to them. */
export interface SequelizeCounts extends CountStore {
  prune(now: number): Promise<number>
  /** Makes the table where it is missing, by running the migrations. For demonstrations: it keeps no record of them. */
  sync(): Promise<void>
}

/**
 * Makes counts on the application's database. Their statements run on connections of the pool, never in a transaction
 * of the application, whose rollback would forget messages that went out.
 *
 * @throws ConfigurationError where `sequelize`, `tableName` or `schema` cannot be used.
 * @example
 * const secondFactor = createSecondFactor({ …, limits: { counts: sequelizeCounts({ sequelize }) } })
 */
export function sequelizeCounts(options: SequelizeCountsOptions): SequelizeCounts {
  const sequelize = checkedInstance('sequelizeCounts', options)
  assertKnownOptions('sequelizeCounts', options, { sequelize: true, ...tableOptionNames })
  const table = countsTable(options)
  const dialect = dialectOf(sequelize)
  const sql = countStatements(dialect, tableOf(sequelize, table).quoted)
  const database = executorOf(sequelize)
  const takeRows = taker(database, sql, dialect)
  const release = async (takes: readonly Take[]) => {
    // One by one: statements over several rows lock them in an order of their own, and meet in deadlocks.
    for (const { units, isHold, counter, bucket } of takes) {
      await database.change(sql.release, [units, isHold ? 0 : units, counter, bucket])
    }
  }
  return {
    async sums(counters, { now, beside, hour, day, week }) {
      if (counters.length === 0) return new Map()
      const binds = [now, beside ?? noBucket, hour, day, week, ...counters]
      const rows = await database.all(sql.sums(counters.length), binds)
      return new Map(rows.map((row) => sumsOf(JSON.parse(row) as CountSums & Named)))
    },
    async take(takes) {
      if (takes.length === 0) return []
      const taken = await takeRows(takes)
      const full = takes.filter((take) => !taken.has(keyOf(take)))
      if (full.length > 0) await release(takes.filter((take) => taken.has(keyOf(take))))
      return [...new Set(full.map(({ counter }) => counter))]
    },
    release,
    async add(additions) {
      const takes = additions.map((each) => ({ ...each, room: null, isHold: false }))
      if (takes.length > 0) await takeRows(takes)
    },
    async series(counters, from) {
      if (counters.length === 0) return []
      const rows = await database.all(sql.series(counters.length), [from, ...counters])
      return rows.map((row) => JSON.parse(row) as CountBucket)
    },
    prune: (now) => database.change(sql.prune, [now]),
    async sync() {
      const context = sequelize.getQueryInterface()
      for (const { up } of countMigrations(table)) await up({ context })
    },
  }
}

/** Matches no row. */
const noBucket = -1

interface Named {
  readonly counter: string
}

function sumsOf({ counter, ...sums }: CountSums & Named): [string, CountSums] {
  return [counter, sums]
}
