/** The statements that create any of this package's tables, with its indexes. */

import type { Dialect } from './dialect.js'
import { schemaOf, tableNameOf, type Table, type TableOptions } from './table.js'

/** A table to create. */
export interface TableDefinition {
  /** Columns and constraints. `collation` is for key columns, see `keyCollation`. */
  readonly parts: (dialect: Dialect, collation: string) => readonly string[]
  /** The columns of each index. */
  readonly indexes: readonly (readonly string[])[]
}

/**
 * The name of the migration that creates a table. It never changes, because runners record it as done.
 *
 * @throws ConfigurationError if the table's name or schema cannot be used.
 */
export function migrationName(number: string, options: TableOptions): string {
  const [schema, tableName] = [schemaOf(options), tableNameOf(options)]
  const fullName = schema === null ? tableName : `${schema}.${tableName}`
  return `passport-second-factor-${number}-create-${fullName}`
}

/** The statements, in order, that create the table and its indexes if they are missing. */
export function creationStatements(
  dialect: Dialect,
  target: Table,
  { parts, indexes }: TableDefinition,
  collation: string,
): readonly string[] {
  const { name: tableName, quoted, schema } = target
  const { name, quote } = dialect
  const definitions = parts(dialect, collation)
  const table = (all: readonly string[]) =>
    `CREATE TABLE IF NOT EXISTS ${quoted} (${all.join(', ')})`
  const keys = indexes.map((keyed) => ({
    key: quote([tableName, ...keyed].join('_')),
    list: `(${keyed.map(quote).join(', ')})`,
  }))
  if (name === 'mysql') {
    // MySQL has no CREATE INDEX IF NOT EXISTS.
    const all = [...definitions, ...keys.map(({ key, list }) => `INDEX ${key} ${list}`)]
    return [`${table(all)} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`]
  }
  return [
    ...(schema === null ? [] : [schemaCreation(schema)]),
    table(definitions),
    ...keys.map(({ key, list }) => `CREATE INDEX IF NOT EXISTS ${key} ON ${quoted} ${list}`),
  ]
}

/** The statement that drops the table. */
export function dropStatement({ quoted }: Table): string {
  return `DROP TABLE IF EXISTS ${quoted}`
}

/** Looks first: `IF NOT EXISTS` needs the right to create a schema even if the schema exists. */
function schemaCreation(schema: string): string {
  return (
    `DO $$ BEGIN IF to_regnamespace('"${schema}"') IS NULL THEN ` +
    `CREATE SCHEMA "${schema}"; END IF; END $$`
  )
}

/**
 * The collation under which keys are equal only if every byte is. MySQL's default ignores case, and even `utf8mb4_bin`
 * ignores trailing spaces. The one to use differs between MySQL and MariaDB, so the caller passes it.
 */
export function keyCollation({ name }: Dialect, ofMysql: string): string {
  if (name === 'sqlite') return 'COLLATE BINARY'
  return name === 'postgres' ? 'COLLATE "C"' : `CHARACTER SET utf8mb4 COLLATE ${ofMysql}`
}
