/** The tables' migrations as plain SQL, for any migration runner. */

import { assertKnownOptions } from '../../core/known-options.js'
import { auditDefinition, auditTable } from './audit-table.js'
import { countsDefinition, countsTable } from './counts-table.js'
import {
  creationStatements,
  dropStatement,
  keyCollation,
  migrationName,
  type TableDefinition,
} from './create-table.js'
import { checkedDialect, type SqlDialect } from './dialect.js'
import { faultOf } from './faults.js'
import type { SqlOptions } from './options.js'
import { statementName } from './statement-name.js'
import { statesDefinition } from './states-table.js'
import { tableOn, tableOptionNames, type Table, type TableOptions } from './table.js'

/** One migration. */
export interface SqlMigration {
  /** Never changes, because the runner records it as done. */
  readonly name: string
  /** The statements to run, in order, without trailing semicolons. */
  readonly up: readonly string[]
  /** The statements that undo it. They delete all rows. */
  readonly down: readonly string[]
}

/** The tables to create. */
export interface SqlMigrationOptions extends TableOptions {
  /**
   * The name of the table for `sqlCounts`: letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_counts'
   */
  readonly countsTableName?: string | undefined
  /**
   * The name of the audit log's table: letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_audit'
   */
  readonly auditTableName?: string | undefined
}

/** The collations that compare bytes. Neither server has the other's. */
const byteCollations: Readonly<Partial<Record<SqlDialect, string>>> = {
  mysql: 'utf8mb4_0900_bin',
  mariadb: 'utf8mb4_nopad_bin',
}

/**
 * The migrations of all tables, oldest first, for any runner: sequelize-cli, Knex, Prisma, or a few lines of your own.
 * Each statement creates only what is missing, so an interrupted migration can run again.
 *
 * @throws ConfigurationError for an unknown dialect or option, or a name that cannot be used.
 * @example
 * for (const { up } of sqlMigrations('postgres')) for (const statement of up) await pool.query(statement)
 */
export function sqlMigrations(
  dialect: SqlDialect,
  options: SqlMigrationOptions = {},
): SqlMigration[] {
  assertKnownOptions('sqlMigrations', options, {
    ...tableOptionNames,
    countsTableName: true,
    auditTableName: true,
  })
  const { schema, countsTableName, auditTableName } = options
  const audit = auditTable({ schema, tableName: auditTableName })
  const counts = countsTable({ schema, tableName: countsTableName })
  return [
    migration(dialect, '0001', options, statesDefinition(options)),
    migration(dialect, '0002', counts, countsDefinition),
    migration(dialect, '0003', audit, auditDefinition),
  ]
}

/** The migration that creates one table. */
function migration(
  dialect: SqlDialect,
  number: string,
  options: TableOptions,
  definition: TableDefinition,
): SqlMigration {
  const speech = checkedDialect('sqlMigrations', dialect)
  const table = tableOn(speech, options)
  return {
    name: migrationName(number, options),
    up: statementsOf(dialect, table, definition),
    down: [dropStatement(table)],
  }
}

function statementsOf(
  dialect: SqlDialect,
  table: Table,
  definition: TableDefinition,
): readonly string[] {
  const speech = checkedDialect('sqlMigrations', dialect)
  const collation = keyCollation(speech, byteCollations[dialect] ?? '')
  return creationStatements(speech, table, definition, collation)
}

/** Creates a table if it is missing. Rejects with `StoreUnavailableError` if the database fails. */
export async function createTable(
  { dialect, query }: Pick<SqlOptions, 'dialect' | 'query'>,
  table: Table,
  definition: TableDefinition,
): Promise<void> {
  for (const text of statementsOf(dialect, table, definition)) {
    const run = () => query(text, [], statementName(text))
    // If two processes create the same thing at once, PostgreSQL fails one of them. By the retry, it exists.
    await run()
      .catch(run)
      .catch((error: unknown) => {
        throw faultOf(error)
      })
  }
}
