import type { SqlDialect, SqlQuery } from '../../src/adapters/sql/index.js'

/** A client that is open. */
export interface OpenSql {
  readonly dialect: SqlDialect
  readonly query: SqlQuery
  readonly close: () => unknown
}

export function openSql(where: { readonly dialect: string; readonly url: string }): OpenSql
