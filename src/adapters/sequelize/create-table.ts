/** Makes a table by a migration, the same way for every table of this package. */

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

/** One step of a table's history. */
export interface Migration {
  /** Kept by the runner as done; never changes. */
  readonly name: string
  readonly up: (params: { readonly context: QueryInterface }) => Promise<void>
  readonly down: (params: { readonly context: QueryInterface }) => Promise<void>
}

/**
 * The migration that makes a table, and drops it.
 *
 * @throws ConfigurationError where its name or its schema cannot be used.
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

/** Makes the table and its index where they are missing. */
async function createTable(
  context: QueryInterface,
  target: Table,
  definition: TableDefinition,
): Promise<void> {
  const { sequelize } = context
  const dialect = dialectOf(sequelize)
  const collation = await byteCollation(context, dialect)
  const statements = creationStatements(dialect, target, definition, collation)
  // PostgreSQL lets one of two processes that create the same table at once fail, unless one waits. Sent as
  // one text, the statements are one transaction.
  const lock = `SELECT pg_advisory_xact_lock(hashtext('${target.name}'))`
  const texts = dialect.name === 'postgres' ? [[lock, ...statements].join('; ')] : statements
  for (const text of texts) await sequelize.query(text)
}

/** The collation of keys. MySQL and MariaDB have one each, and the server says which. */
async function byteCollation(context: QueryInterface, dialect: Dialect): Promise<string> {
  if (dialect.name !== 'mysql') return keyCollation(dialect, '')
  const [found] = await context.sequelize.query<{ name: string }>(
    'SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS ' +
      "WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') ORDER BY name DESC",
    { type: QueryTypes.SELECT },
  )
  if (found === undefined) {
    throw new ConfigurationError('the second factor needs MySQL 8.0.17, MariaDB 10.2, or newer')
  }
  return keyCollation(dialect, found.name)
}
