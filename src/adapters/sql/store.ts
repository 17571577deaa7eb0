/** The state store over whatever runs SQL. */

import type { StateStore } from '../../ports/state-store.js'
import { createTable } from './migrations.js'
import { resolveSqlOptions, type SqlOptions } from './options.js'
import { queryExecutor } from './query-executor.js'
import { assertNoTransaction, onceHeld, readied } from './readiness.js'
import { statesDefinition } from './states-table.js'
import { statesIn } from './states.js'
import { statementsFor } from './statements.js'
import { tableOn } from './table.js'

const owner = 'sqlStore'

/** The database, the table that keeps the rows, and how to reach them. */
export interface SqlStoreOptions extends SqlOptions {
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_states'
   */
  readonly tableName?: string | undefined
}

/** The store, with what an SQL database adds to it. */
export interface SqlStore extends StateStore {
  prune(before: Date, now?: Date): Promise<number>
  /**
   * Checks that the table is there with all columns, and that `query` runs in no transaction, as far as the database
   * tells. The first statement does so anyhow; at the start of the application a mistake is seen at once.
   *
   * @throws StoreUnavailableError where the table is missing, and ConfigurationError where `query` cannot be used.
   */
  check(): Promise<void>
  /** Makes the table where it is missing. For demonstrations: it keeps no record of migrations. */
  sync(): Promise<void>
}

/**
 * Makes a store on the application's database, by the function that runs a statement there: with `pg`, `mysql2`,
 * `better-sqlite3`, Knex, Kysely, Drizzle, TypeORM, or anything else. The table and the statements are those of
 * `sequelizeStore`, so that an application may change from one to the other.
 *
 * Give it the pool, or on SQLite a connection that the application has no transactions on: a rollback must not erase a
 * failure. A query that hangs is bounded by `storeTimeoutSeconds`; bound it in the client too, so that its connection
 * does not stay taken.
 *
 * Nothing is sent at construction. A fault of the database rejects with `StoreUnavailableError`, and repeats nothing of the
 * values.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 * @example
 * const store = sqlStore({
 *   dialect: 'postgres',
 *   query: async (text, values, name) => (await pool.query({ name, text, values })).rows,
 * })
 */
export function sqlStore(options: SqlStoreOptions): SqlStore {
  const dialect = resolveSqlOptions(owner, options)
  const table = tableOn(dialect, options)
  const database = queryExecutor(owner, dialect, options.query)
  const check = onceHeld(async () => {
    await database.first(statementsFor(dialect, table).read, ['a subject that nobody has'])
    await assertNoTransaction(owner, dialect, database)
  })
  return {
    ...statesIn(table, dialect, readied(database, check)),
    check,
    sync: () => createTable(options, table, statesDefinition(options)),
  }
}
