/** The migration that creates any of this package's tables. */

import { QueryTypes, type QueryInterface } from 'sequelize'

import { ConfigurationError } from '../../core/errors.js'
import {
  creationStatements,
  dropStatement,
  keyCollation,
  migrationName,
  type TableDefinition,
} from '../sql/create-table.js'
import type { Dialect } from '../sql/dialect.js'
import type { Table } from '../sql/table.js'
import { dialectOf } from './instance.js'
import { tableOf, type TableOptions } from './table.js'

/** One migration. */
export interface Migration {
  /** Never changes, because the runner records it as done. */
  readonly name: string
  readonly up: (params: { readonly context: QueryInterface }) => Promise<void>
  readonly down: (params: { readonly context: QueryInterface }) => Promise<void>
}

/**
 * The migration that creates a table, or drops it on the way down.
 *
 * @throws ConfigurationError if the table's name or schema cannot be used.
 */
export function creationMigration(
  number: string,
  options: TableOptions,
  definition: TableDefinition,
): Migration {
  return {
    name: migrationName(number, options),
    up: async ({ context }) => {
      await createTable(context, tableOf(context.sequelize, options), definition)
    },
    down: async ({ context: { sequelize } }) => {
      await sequelize.query(dropStatement(tableOf(sequelize, options)))
    },
  }
}

/** Creates the table and its indexes if they are missing. */
async function createTable(
  context: QueryInterface,
  target: Table,
  definition: TableDefinition,
): Promise<void> {
  const { sequelize } = context
  const dialect = dialectOf(sequelize)
  const collation = await byteCollation(context, dialect)
  const statements = creationStatements(dialect, target, definition, collation)
  // If two processes create the same table at once, PostgreSQL fails one, unless it waits for a lock. The statements are
  // sent as one string, which makes them one transaction.
  const lock = `SELECT pg_advisory_xact_lock(hashtext('${target.name}'))`
  const texts = dialect.name === 'postgres' ? [[lock, ...statements].join('; ')] : statements
  for (const text of texts) await sequelize.query(text)
}

/** The collation of key columns. MySQL and MariaDB have different ones, so the server is asked. */
async function byteCollation(context: QueryInterface, dialect: Dialect): Promise<string> {
  if (dialect.name !== 'mysql') return keyCollation(dialect, '')
  const [found] = await context.sequelize.query<{ name: string }>(
    'SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS ' +
      "WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') ORDER BY name DESC",
    { type: QueryTypes.SELECT },
  )
  if (found === undefined) {
    throw new ConfigurationError('the second factor needs MySQL 8.0.17 or MariaDB 10.2, or newer')
  }
  return keyCollation(dialect, found.name)
}
