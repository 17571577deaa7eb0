/** The table's name and schema, and their checks. */

import { ConfigurationError } from '../../core/errors.js'
import type { Dialect } from './dialect.js'

/** The table's name and schema. */
export interface TableOptions {
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_states'
   */
  readonly tableName?: string | undefined
  /**
   * The schema that holds the table; PostgreSQL only. The migrations create it if it is missing.
   *
   * @default the first schema of the role's `search_path`
   */
  readonly schema?: string | undefined
}

/** The known options, for rejecting a misspelt one. */
export const tableOptionNames = { tableName: true, schema: true } as const

/** A table in one database. */
export interface Table {
  readonly name: string
  /** `null` if the connection decides. */
  readonly schema: string | null
  /** The quoted name to use in statements. */
  readonly quoted: string
}

/**
 * Returns the table's name, or the default.
 *
 * @throws ConfigurationError if it is not a plain identifier, because it becomes part of every statement.
 */
export function tableNameOf({ tableName = 'second_factor_states' }: TableOptions): string {
  if (typeof tableName === 'string' && /^[A-Za-z_]\w{0,39}$/.test(tableName)) return tableName
  throw new ConfigurationError(
    `tableName is ${JSON.stringify(tableName)}; use up to 40 letters, digits and underscores, no digit first`,
    'tableName',
  )
}

/**
 * Returns the option's schema, or `null`.
 *
 * @throws ConfigurationError if it cannot be a schema's name, because it becomes part of every statement.
 */
export function schemaOf({ schema }: TableOptions): string | null {
  if (schema === undefined) return null
  if (typeof schema === 'string' && isSchemaName(schema)) return schema
  throw new ConfigurationError(
    `schema is ${JSON.stringify(schema)}; use a name of up to 63 characters without quotes and without $:?\\`,
    'schema',
  )
}

/**
 * Resolves the table for this database, in the schema of the options, or else the application's.
 *
 * @throws ConfigurationError if the option `schema` is given for a database other than PostgreSQL.
 */
export function tableOn(
  dialect: Dialect,
  options: TableOptions,
  ofApplication: string | null = null,
): Table {
  const name = tableNameOf(options)
  const schema = schemaOf(options) ?? (dialect.name === 'postgres' ? ofApplication : null)
  if (schema === null) return { name, schema, quoted: dialect.quote(name) }
  assertSchemas(dialect)
  return { name, schema, quoted: `${dialect.quote(schema)}.${dialect.quote(name)}` }
}

function assertSchemas({ name }: Dialect): void {
  if (name === 'postgres') return
  const remedy =
    name === 'mysql' ? 'connect to the database that holds the table instead' : 'leave it out'
  throw new ConfigurationError(
    `schema works only on PostgreSQL, and this database is ${name}; ${remedy}`,
    'schema',
  )
}

function isSchemaName(name: string): boolean {
  return /^[^"'`$:?\\\p{Cc}]+$/u.test(name) && Buffer.byteLength(name) <= 63
}
