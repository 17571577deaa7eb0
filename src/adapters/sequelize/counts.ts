/** Counts in the application's database, through Sequelize. */

import type { Sequelize } from 'sequelize'

import { assertKnownOptions } from '../../core/known-options.js'
import type { CountStore } from '../../ports/count-store.js'
import { countsIn } from '../sql/bucket-counts.js'
import { countsTable } from '../sql/counts-table.js'
import { tableOptionNames } from '../sql/table.js'
import { executorOf } from './executor.js'
import { checkedInstance, dialectOf } from './instance.js'
import { countMigrations } from './migrations.js'
import { tableOf } from './table.js'

/** The database and the table of the counts. */
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
   * The schema that holds the table; PostgreSQL only.
   *
   * @default Sequelize's own option `define.schema` or `schema`, else the first schema of the role's `search_path`
   */
  readonly schema?: string | undefined
}

/** The counts, with the operations that an SQL database adds. */
export interface SequelizeCounts extends CountStore {
  prune(now: number): Promise<number>
  /** Runs the migrations that create a missing table. For demonstrations only, because it keeps no record of them. */
  sync(): Promise<void>
}

/**
 * Makes counts in the application's database. Their statements run on connections of the pool, never in a transaction of
 * the application, whose rollback would forget messages that were sent.
 *
 * @throws ConfigurationError if `sequelize`, `tableName` or `schema` cannot be used.
 * @example
 * const secondFactor = createSecondFactor({ …, limits: { counts: sequelizeCounts({ sequelize }) } })
 */
export function sequelizeCounts(options: SequelizeCountsOptions): SequelizeCounts {
  const sequelize = checkedInstance('sequelizeCounts', options)
  assertKnownOptions('sequelizeCounts', options, { sequelize: true, ...tableOptionNames })
  const table = countsTable(options)
  return {
    ...countsIn(tableOf(sequelize, table), dialectOf(sequelize), executorOf(sequelize)),
    async sync() {
      const context = sequelize.getQueryInterface()
      for (const { up } of countMigrations(table)) await up({ context })
    },
  }
}
