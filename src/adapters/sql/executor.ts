/** Runs the statements of stores and counts. */

import type { Bind } from './row-values.js'

/**
 * Runs statements with their values, outside every transaction of the application. Every method rejects with a
 * `StoreUnavailableError` that repeats nothing of the values.
 */
export interface Executor {
  /** The state of each row. */
  all(sql: string, bind: Bind[]): Promise<string[]>
  /** The state in the first row, or `null` where there is none. */
  first(sql: string, bind: Bind[]): Promise<string | null>
  /** How many rows changed. */
  change(sql: string, bind: Bind[]): Promise<number>
  /** Whether the row was inserted; `false` where one with its key is there. */
  insert(sql: string, bind: Bind[]): Promise<boolean>
}
