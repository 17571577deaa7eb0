/** A count store in the application's database, through Sequelize. */

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

/** The options of `sequelizeCounts`. */
export interface SequelizeCountsOptions {
  /** Your own Sequelize 6 instance, on PostgreSQL, SQLite from 3.35, MySQL from 8.0.17 or MariaDB from 10.2. */
  readonly sequelize: Sequelize
  /**
   * The name of the table: at most 40 letters, digits and underscores.
   *
   * @default 'second_factor_counts'
   */
  readonly tableName?: string | undefined
  /**
   * The schema of the table; PostgreSQL only.
   *
   * @default Sequelize's own option `define.schema` or `schema`, else the first schema in the role's `search_path`
   */
  readonly schema?: string | undefined
}

/** A count store, with the operations that only SQL needs. */
export interface SequelizeCounts extends CountStore {
  prune(now: number): Promise<number>
  /** Creates the table if it is missing. For demonstrations only, because no record of the migrations is kept. */
  sync(): Promise<void>
}

/**
 * Makes a count store in the application's database. Its statements take their own connections from the pool and never
 * join a transaction of the application, because a rollback would uncount messages that were sent.
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
