/** The state store on the application's Sequelize. */

import type { Sequelize } from 'sequelize'

import { assertKnownOptions } from '../../core/known-options.js'
import type { StateStore } from '../../ports/state-store.js'
import { statesIn } from '../sql/states.js'
import { tableOptionNames } from '../sql/table.js'
import { executorOf } from './executor.js'
import { checkedInstance, dialectOf } from './instance.js'
import { stateMigrations } from './migrations.js'
import { tableOf, type TableOptions } from './table.js'

/** The database and the table that keep the rows. */
export interface SequelizeStoreOptions extends TableOptions {
  /** The application's own instance, of Sequelize 6 on SQLite, PostgreSQL, MySQL (8.0.17) or MariaDB (10.2). */
  readonly sequelize: Sequelize
}

/** The store, with what an SQL database adds to it. */
export interface SequelizeStore extends StateStore {
  prune(before: Date, now?: Date): Promise<number>
  secretsInUse: NonNullable<StateStore['secretsInUse']>
  /** Makes the table where it is missing, by running the migrations. For demonstrations: it keeps no record of them. */
  sync(): Promise<void>
}

/**
 * Makes a store on the application's database. Its statements run on connections of the pool, never in a
 * transaction of the application. On SQLite a transaction that has written keeps the store waiting until it
 * ends, and `:memory:` has one connection, which takes the store into the transaction after all; call
 * `tuneSqlite` for the speed and for several processes. A connection that is lost without a word holds
 * its place in the pool for long: bound it, with pg by `query_timeout` and `connectionTimeoutMillis`, with
 * mysql2 in an `afterConnect` hook.
 *
 * Statements are prepared once for each connection, with `sqlite3`, `pg` and `mysql2`. An application that logs its
 * queries, has `beforeQuery` or `afterQuery` hooks, or a `query` of its own goes on seeing them, for they then go by
 * `sequelize.query`, more slowly. So they do by themselves behind a pooler that keeps no prepared statements.
 *
 * @throws ConfigurationError where `sequelize`, `tableName` or `schema` cannot be used.
 * @example
 * const store = sequelizeStore({ sequelize })
 */
export function sequelizeStore(options: SequelizeStoreOptions): SequelizeStore {
  const sequelize = checkedInstance('sequelizeStore', options)
  assertKnownOptions('sequelizeStore', options, { sequelize: true, ...tableOptionNames })
  const table = tableOf(sequelize, options)
  return {
    ...statesIn(table, dialectOf(sequelize), executorOf(sequelize)),
    async sync() {
      const context = sequelize.getQueryInterface()
      const { tableName, schema } = options
      for (const { up } of stateMigrations({ tableName, schema })) await up({ context })
    },
  }
}
