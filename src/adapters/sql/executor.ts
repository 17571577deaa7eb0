/** The interface that runs the statements of stores, counts and the audit log. */

import type { Bind } from './row-values.js'

/**
 * Runs statements with their values, outside the application's transactions. Every method rejects with a
 * `StoreUnavailableError` that contains none of the values.
 */
export interface Executor {
  /** Returns the `state` of each row. */
  all(sql: string, bind: Bind[]): Promise<string[]>
  /** Returns the `state` of the first row, or `null` if there are no rows. */
  first(sql: string, bind: Bind[]): Promise<string | null>
  /** Returns the number of changed rows. */
  change(sql: string, bind: Bind[]): Promise<number>
  /**
   * Runs a statement that changes several rows and returns the `state` of each, or `null` if the database undid it because
   * of one of them. PostgreSQL only.
   */
  written(sql: string, bind: Bind[]): Promise<string[] | null>
  /** Returns true if the row was inserted, false if its key already exists. */
  insert(sql: string, bind: Bind[]): Promise<boolean>
}
