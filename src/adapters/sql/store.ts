/** The state store in an SQL database, through the application's client. */

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

/** The database, its client and the table of states. */
export interface SqlStoreOptions extends SqlOptions {
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_states'
   */
  readonly tableName?: string | undefined
}

/** The store, with the operations that an SQL database adds. */
export interface SqlStore extends StateStore {
  prune(before: Date, now?: Date): Promise<number>
  /**
   * Checks that the table exists with all columns, and that `query` runs outside a transaction, if the database can tell.
   * The first statement does the same; call it at startup to see a mistake at once.
   *
   * @throws StoreUnavailableError if the table is missing, and ConfigurationError if `query` cannot be used.
   */
  check(): Promise<void>
  /** Creates the table if it is missing. For demonstrations only, because it keeps no record of migrations. */
  sync(): Promise<void>
}

/**
 * Makes a store in the application's database, through a function that runs one statement: with `pg`, `mysql2`,
 * `better-sqlite3`, Knex, Kysely, Drizzle, TypeORM, or anything else. It shares its table and statements with
 * `sequelizeStore`, and an application can switch between the two.
 *
 * Give it the pool, or on SQLite a connection without transactions of the application: a rollback must not erase a
 * recorded failure. `storeTimeoutSeconds` ends the wait for a query that hangs; set a timeout in the client too, or the
 * connection stays taken.
 *
 * Construction sends nothing. If the database fails, methods reject with a `StoreUnavailableError` that contains none of
 * the values.
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
