/** The options that stores and counts in SQL share, and their checks. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import { checkedDialect, type Dialect, type SqlDialect } from './dialect.js'
import type { SqlQuery } from './query.js'
import { tableOptionNames, type TableOptions } from './table.js'

/** The database and its client. */
export interface SqlOptions extends TableOptions {
  /** `postgres`, `mysql` (8.0.17), `mariadb` (10.2) or `sqlite` (3.38; 3.35 with its JSON functions). */
  readonly dialect: SqlDialect
  /** Runs one statement with the application's client. Usually one line, see `SqlQuery`. */
  readonly query: SqlQuery
}

/**
 * Checks the options and returns the dialect.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 */
export function resolveSqlOptions(owner: string, options: SqlOptions): Dialect {
  assertKnownOptions(owner, options, { dialect: true, query: true, ...tableOptionNames })
  const dialect = checkedDialect(owner, options.dialect)
  if (typeof options.query === 'function') return dialect
  throw new ConfigurationError(
    `${owner}: query must be a function, such as async (text, values) => (await pool.query(text, values)).rows`,
    `${owner}.query`,
  )
}
