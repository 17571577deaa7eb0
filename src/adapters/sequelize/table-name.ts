/** The name of the table, and its check. */

import { ConfigurationError } from '../../core/errors.js'

/** Where the rows are kept. */
export interface TableOptions {
  /**
   * Letters, digits and underscores, at most 40.
   *
   * @default 'second_factor_states'
   */
  readonly tableName?: string | undefined
}

/**
 * The name in force.
 *
 * @throws ConfigurationError where it is no plain identifier: it becomes part of every statement.
 */
export function tableNameOf({ tableName = 'second_factor_states' }: TableOptions): string {
  if (/^[A-Za-z_]\w{0,39}$/.test(tableName)) return tableName
  throw new ConfigurationError(
    `tableName is ${JSON.stringify(tableName)}; use up to 40 letters, digits and underscores, no digit first`,
  )
}
