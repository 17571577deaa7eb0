/** Makes a table with its index, the same way for every table of this package. */

import { QueryTypes, type QueryInterface } from 'sequelize'

import { ConfigurationError } from '../../core/errors.js'
import { dialectOf, type Dialect } from './dialect.js'
import { schemaOf, tableNameOf, tableOf, type Table, type TableOptions } from './table.js'

/** One step of a table's history. */
export interface Migration {
  /** Kept by the runner as done; never changes. */
  readonly name: string
  readonly up: (params: { readonly context: QueryInterface }) => Promise<void>
  readonly down: (params: { readonly context: QueryInterface }) => Promise<void>
}

/** A table to make. */
export interface TableDefinition {
  /** Columns and constraints. `collation` is that of keys, see `byteCollation`. */
  readonly parts: (dialect: Dialect, collation: string) => readonly string[]
  /** The column that pruning looks for. */
  readonly indexed: string
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
  const [schema, tableName] = [schemaOf(options), tableNameOf(options)]
  const fullName = schema === null ? tableName : `${schema}.${tableName}`
  return {
    name: `passport-second-factor-${number}-create-${fullName}`,
    up: async ({ context }) => {
      await createTable(context, tableOf(context.sequelize, options), definition)
    },
    down: async ({ context: { sequelize } }) => {
      await sequelize.query(`DROP TABLE IF EXISTS ${tableOf(sequelize, options).quoted}`)
    },
  }
}

/** Makes the table and its index where they are missing. */
async function createTable(
  context: QueryInterface,
  target: Table,
  { parts, indexed }: TableDefinition,
): Promise<void> {
  const { sequelize } = context
  const dialect = dialectOf(sequelize)
  const collation = await byteCollation(context, dialect)
  const definitions = parts(dialect, collation)
  await sequelize.query(creation(dialect, target, definitions, indexed))
  if (dialect.name === 'sqlite') await sequelize.query(indexCreation(dialect, target, indexed))
}

function creation(
  dialect: Dialect,
  target: Table,
  definitions: readonly string[],
  indexed: string,
): string {
  const { name: tableName, quoted, schema } = target
  const { name, quote } = dialect
  const table = (parts: readonly string[]) =>
    `CREATE TABLE IF NOT EXISTS ${quoted} (${parts.join(', ')})`
  if (name === 'sqlite') return table(definitions)
  if (name === 'mysql') {
    // MySQL has no CREATE INDEX IF NOT EXISTS.
    const index = `INDEX ${quote(`${tableName}_${indexed}`)} (${quote(indexed)})`
    return `${table([...definitions, index])} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`
  }
  // PostgreSQL lets one of two processes that create the same table at once fail, unless one waits. Sent as
  // one text, the statements are one transaction.
  return [
    `SELECT pg_advisory_xact_lock(hashtext('${tableName}'))`,
    ...(schema === null ? [] : [schemaCreation(schema)]),
    table(definitions),
    indexCreation(dialect, target, indexed),
  ].join('; ')
}

function indexCreation({ quote }: Dialect, { name, quoted }: Table, indexed: string): string {
  const index = quote(`${name}_${indexed}`)
  return `CREATE INDEX IF NOT EXISTS ${index} ON ${quoted} (${quote(indexed)})`
}

/** Asks first: `IF NOT EXISTS` needs the right to make a schema even where it makes none. */
function schemaCreation(schema: string): string {
  return (
    `DO $$ BEGIN IF to_regnamespace('"${schema}"') IS NULL THEN ` +
    `CREATE SCHEMA "${schema}"; END IF; END $$`
  )
}

/**
 * The collation under which two keys are equal only where every byte is. The defaults of a MySQL server
 * ignore case, and even `utf8mb4_bin` ignores spaces at the end.
 */
async function byteCollation(context: QueryInterface, dialect: Dialect): Promise<string> {
  if (dialect.name === 'sqlite') return 'COLLATE BINARY'
  if (dialect.name === 'postgres') return 'COLLATE "C"'
  const [found] = await context.sequelize.query<{ name: string }>(
    'SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS ' +
      "WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') ORDER BY name DESC",
    { type: QueryTypes.SELECT },
  )
  if (found === undefined) {
    throw new ConfigurationError('the second factor needs MySQL 8.0.17, MariaDB 10.2, or newer')
  }
  return `CHARACTER SET utf8mb4 COLLATE ${found.name}`
}
