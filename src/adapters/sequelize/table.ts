/** The table's name and schema, with Sequelize's default schema. */

import type { Sequelize } from 'sequelize'

import {
  schemaOf,
  tableOn,
  type Table,
  type TableOptions as SqlTableOptions,
} from '../sql/table.js'
import { dialectOf } from './instance.js'

/** The table's name and schema. */
export interface TableOptions extends SqlTableOptions {
  /**
   * The schema that holds the table; PostgreSQL only. The migrations create it if it is missing.
   *
   * @default Sequelize's own option `define.schema` or `schema`, else the first schema of the role's `search_path`
   */
  readonly schema?: string | undefined
}

/**
 * Resolves the table for this database.
 *
 * @throws ConfigurationError if the option `schema` is given for a database other than PostgreSQL.
 */
export function tableOf(sequelize: Sequelize, options: TableOptions): Table {
  return tableOn(dialectOf(sequelize), options, defaultSchema(sequelize))
}

/** The default schema of the application's own models. */
function defaultSchema(sequelize: Sequelize): string | null {
  const { define, schema } = Reflect.get(sequelize, 'options') as SchemaOptions
  const name = define?.schema || schema || null
  return name === null || sequelize.getDialect() !== 'postgres' ? null : schemaOf({ schema: name })
}

interface SchemaOptions {
  readonly define?: { readonly schema?: string }
  readonly schema?: string
}
