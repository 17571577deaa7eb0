/** Counts over whatever runs SQL. */

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

/** The database, the table that keeps the counts, and how to reach them. */
export interface SqlCountsOptions extends SqlOptions {
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_counts'
   */
  readonly tableName?: string | undefined
}

/** The counts, with what an SQL database adds to them. */
export interface SqlCounts extends CountStore {
  prune(now: number): Promise<number>
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
 * Makes counts on the application's database, by the same function as `sqlStore`. On SQLite it needs version 3.35.
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
