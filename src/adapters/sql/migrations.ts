/** The tables' history as plain SQL, for any runner of migrations. */

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

/** One step of the tables' history. */
export interface SqlMigration {
  /** Kept by the runner as done; never changes. */
  readonly name: string
  /** The statements to run, in order, without semicolons at their ends. */
  readonly up: readonly string[]
  /** The statements that undo it, and remove all rows. */
  readonly down: readonly string[]
}

/** The tables to make. */
export interface SqlMigrationOptions extends TableOptions {
  /**
   * The table of `sqlCounts`: letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_counts'
   */
  readonly countsTableName?: string | undefined
  /**
   * The table of the audit log: letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_audit'
   */
  readonly auditTableName?: string | undefined
}

/** The collations that compare bytes. Neither server knows the other's. */
const byteCollations: Readonly<Partial<Record<SqlDialect, string>>> = {
  mysql: 'utf8mb4_0900_bin',
  mariadb: 'utf8mb4_nopad_bin',
}

/**
 * The migrations of all tables, oldest first, for any runner: sequelize-cli, Knex, Prisma, or a few lines of your own.
 * A statement makes only what is missing, so that an interrupted migration may be run again.
 *
 * @throws ConfigurationError for an unknown dialect or option, and where a name cannot be used.
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

/** The migration that makes one table. */
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

/** Makes a table where it is missing. Rejects with `StoreUnavailableError` where the database does not. */
export async function createTable(
  { dialect, query }: Pick<SqlOptions, 'dialect' | 'query'>,
  table: Table,
  definition: TableDefinition,
): Promise<void> {
  for (const text of statementsOf(dialect, table, definition)) {
    const run = () => query(text, [], statementName(text))
    // PostgreSQL lets one of two processes fail that create the same thing at once. By then it is there.
    await run()
      .catch(run)
      .catch((error: unknown) => {
        throw faultOf(error)
      })
  }
}
