/** Counts in an SQL database, through the application's client. */

import type { CountStore } from '../../ports/count-store.js'
import { countsIn } from './bucket-counts.js'
import { countStatements } from './count-statements.js'
import { countsDefinition, countsTable } from './counts-table.js'
import { createTable } from './migrations.js'
import { resolveSqlOptions, type SqlOptions } from './options.js'
import { queryExecutor } from './query-executor.js'
import { assertNoTransaction, onceHeld, readied } from './readiness.js'
import { tableOn } from './table.js'

const owner = 'sqlCounts'

/** The database, its client and the table of counts. */
export interface SqlCountsOptions extends SqlOptions {
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_counts'
   */
  readonly tableName?: string | undefined
}

/** The counts, with the operations that an SQL database adds. */
export interface SqlCounts extends CountStore {
  prune(now: number): Promise<number>
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
 * Makes counts in the application's database, through the same function as `sqlStore`. SQLite needs version 3.35.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 * @example
 * const secondFactor = createSecondFactor({ …, limits: { counts: sqlCounts({ dialect: 'postgres', query }) } })
 */
export function sqlCounts(options: SqlCountsOptions): SqlCounts {
  const dialect = resolveSqlOptions(owner, options)
  const table = tableOn(dialect, countsTable(options))
  const database = queryExecutor(owner, dialect, options.query)
  const check = onceHeld(async () => {
    await database.all(countStatements(dialect, table.quoted).series(1), [0, 'no counter'])
    await assertNoTransaction(owner, dialect, database)
  })
  return {
    ...countsIn(table, dialect, readied(database, check)),
    check,
    sync: () => createTable(options, table, countsDefinition),
  }
}
