/** The table as the application's Sequelize has it. */

import type { Sequelize } from 'sequelize'

import {
  schemaOf,
  tableOn,
  type Table,
  type TableOptions as SqlTableOptions,
} from '../sql/table.js'
import { dialectOf } from './instance.js'

/** The table that keeps the rows. */
export interface TableOptions extends SqlTableOptions {
  /**
   * The schema that holds the table, on PostgreSQL alone. The migrations make a schema that is missing.
   *
   * @default that of Sequelize's own options `define.schema` and `schema`, else the first of the role's `search_path`
   */
  readonly schema?: string | undefined
}

/**
 * The table as this database has it.
 *
 * @throws ConfigurationError where the option `schema` is given for a database other than PostgreSQL.
 */
export function tableOf(sequelize: Sequelize, options: TableOptions): Table {
  return tableOn(dialectOf(sequelize), options, defaultSchema(sequelize))
}

/** The schema of the application's own models, unless they say otherwise. */
function defaultSchema(sequelize: Sequelize): string | null {
  const { define, schema } = Reflect.get(sequelize, 'options') as SchemaOptions
  const name = define?.schema || schema || null
  return name === null || sequelize.getDialect() !== 'postgres' ? null : schemaOf({ schema: name })
}

interface SchemaOptions {
  readonly define?: { readonly schema?: string }
  readonly schema?: string
}
