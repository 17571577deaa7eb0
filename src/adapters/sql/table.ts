/** The name and the schema of the table, checked. */

import { ConfigurationError } from '../../core/errors.js'
import type { Dialect } from './dialect.js'

/** The table that keeps the rows. */
export interface TableOptions {
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_states'
   */
  readonly tableName?: string | undefined
  /**
   * The schema that holds the table, on PostgreSQL alone. The migrations make a schema that is missing.
   *
   * @default the first of the role's `search_path`
   */
  readonly schema?: string | undefined
}

/** The options that name the table, so that a misspelt one is an error. */
export const tableOptionNames = { tableName: true, schema: true } as const

/** The table of one database. */
export interface Table {
  readonly name: string
  /** `null` where the connection decides. */
  readonly schema: string | null
  /** As it stands in statements. */
  readonly quoted: string
}

/**
 * The name in force.
 *
 * @throws ConfigurationError where it is no plain identifier: it becomes part of every statement.
 */
export function tableNameOf({ tableName = 'second_factor_states' }: TableOptions): string {
  if (typeof tableName === 'string' && /^[A-Za-z_]\w{0,39}$/.test(tableName)) return tableName
  throw new ConfigurationError(
    `tableName is ${JSON.stringify(tableName)}; use up to 40 letters, digits and underscores, no digit first`,
    'tableName',
  )
}

/**
 * The schema that the option names, or `null`.
 *
 * @throws ConfigurationError where it cannot be one: it becomes part of every statement.
 */
export function schemaOf({ schema }: TableOptions): string | null {
  if (schema === undefined) return null
  if (typeof schema === 'string' && isSchemaName(schema)) return schema
  throw new ConfigurationError(
    `schema is ${JSON.stringify(schema)}; name a schema by up to 63 characters, none of them a quote or one of $:?\\`,
    'schema',
  )
}

/**
 * The table as this database has it, in the schema of the options, else in that of the application.
 *
 * @throws ConfigurationError where the option `schema` is given for a database other than PostgreSQL.
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
    name === 'mysql' ? 'connect to the database that is to hold the table' : 'leave it out'
  throw new ConfigurationError(
    `schema has a meaning on PostgreSQL alone, and this database is ${name}; ${remedy}`,
    'schema',
  )
}

function isSchemaName(name: string): boolean {
  return /^[^"'`$:?\\\p{Cc}]+$/u.test(name) && Buffer.byteLength(name) <= 63
}
