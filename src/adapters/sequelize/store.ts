/** The state store in the application's database, through Sequelize. */

import type { Sequelize } from 'sequelize'

import { assertKnownOptions } from '../../core/known-options.js'
import type { StateStore } from '../../ports/state-store.js'
import { statesIn } from '../sql/states.js'
import { tableOptionNames } from '../sql/table.js'
import { executorOf } from './executor.js'
import { checkedInstance, dialectOf } from './instance.js'
import { stateMigrations } from './migrations.js'
import { tableOf, type TableOptions } from './table.js'

/** The database and the table of states. */
export interface SequelizeStoreOptions extends TableOptions {
  /** The application's own instance, of Sequelize 6 on SQLite, PostgreSQL, MySQL (8.0.17) or MariaDB (10.2). */
  readonly sequelize: Sequelize
}

/** The store, with the operations that an SQL database adds. */
export interface SequelizeStore extends StateStore {
  prune(before: Date, now?: Date): Promise<number>
  secretsInUse: NonNullable<StateStore['secretsInUse']>
  /** Runs the migrations that create a missing table. For demonstrations only, because it keeps no record of them. */
  sync(): Promise<void>
}

/**
 * Makes a store in the application's database. Its statements run on connections of the pool, never in a transaction of
 * the application.
 *
 * On SQLite, the store waits for a transaction that has written until it ends. `:memory:` has only one connection, so
 * there the store does run inside the transaction. Call `tuneSqlite` for speed and for several processes.
 *
 * A connection that is lost silently keeps its place in the pool for long. Set timeouts: `query_timeout` and
 * `connectionTimeoutMillis` with pg, an `afterConnect` hook with mysql2.
 *
 * With `sqlite3`, `pg` and `mysql2`, statements are prepared once per connection. If the application logs its queries, has
 * `beforeQuery` or `afterQuery` hooks, or overrides `query`, they go through the slower `sequelize.query` instead, where it
 * sees them. The same happens behind a pooler without prepared statements.
 *
 * @throws ConfigurationError if `sequelize`, `tableName` or `schema` cannot be used.
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
