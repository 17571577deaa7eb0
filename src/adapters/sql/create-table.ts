/** The statements that make a table with its indexes, the same way for every table of this package. */

import type { Dialect } from './dialect.js'
import { schemaOf, tableNameOf, type Table, type TableOptions } from './table.js'

/** A table to make. */
export interface TableDefinition {
  /** Columns and constraints. `collation` is that of keys, see `keyCollation`. */
  readonly parts: (dialect: Dialect, collation: string) => readonly string[]
  /** The columns of each index. */
  readonly indexes: readonly (readonly string[])[]
}

/**
 * The name of the migration that makes a table: runners keep it as done, so it never changes.
 *
 * @throws ConfigurationError where the name or the schema of the table cannot be used.
 */
export function migrationName(number: string, options: TableOptions): string {
  const [schema, tableName] = [schemaOf(options), tableNameOf(options)]
  const fullName = schema === null ? tableName : `${schema}.${tableName}`
  return `passport-second-factor-${number}-create-${fullName}`
}

/** Make the table and its indexes where they are missing, in this order. */
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

/** Removes the table. */
export function dropStatement({ quoted }: Table): string {
  return `DROP TABLE IF EXISTS ${quoted}`
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
 * ignore case, and even `utf8mb4_bin` ignores spaces at the end; its own depends on the server.
 */
export function keyCollation({ name }: Dialect, ofMysql: string): string {
  if (name === 'sqlite') return 'COLLATE BINARY'
  return name === 'postgres' ? 'COLLATE "C"' : `CHARACTER SET utf8mb4 COLLATE ${ofMysql}`
}
