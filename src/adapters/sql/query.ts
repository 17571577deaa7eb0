/** The one function that an application provides: it runs a statement on its own client. */

import { ConfigurationError } from '../../core/errors.js'
import type { Bind } from './row-values.js'

/** A value of a statement. Only PostgreSQL gets booleans. */
export type SqlValue = Bind

/** The result of a statement: its rows, or the number of changed rows if it returns none. */
export type SqlAnswer = readonly unknown[] | number

/**
 * Runs one statement, and resolves with its rows or the number of rows it changed. Each placeholder stands for one value,
 * in order: `$1`, `$2` on PostgreSQL, `?` elsewhere.
 *
 * On PostgreSQL and SQLite, always resolve with the rows: every statement that changes some returns them (`RETURNING`). On
 * MySQL and MariaDB, resolve with `affectedRows` if a statement returns no rows. The flag `FOUND_ROWS` makes no difference.
 *
 * `name` is the same for the same text, for clients such as `pg` that prepare statements by name.
 *
 * Run it on the pool or on a separate connection. Never run it in a transaction of the application, whose rollback would
 * erase a recorded failure, and never on a replica.
 *
 * ```ts
 * async (text, values, name) => (await pool.query({ name, text, values })).rows // pg
 * ```
 */
export type SqlQuery = (text: string, values: SqlValue[], name: string) => Promise<SqlAnswer>

/**
 * Returns the value of each row's only column.
 *
 * @throws ConfigurationError if the function resolved with anything but rows.
 */
export function statesOf(owner: string, answer: unknown): string[] {
  if (!Array.isArray(answer)) throw misread(owner, 'must resolve with the rows of a statement')
  return answer.map((row) => {
    const state = stateOf(row)
    if (typeof state === 'string') return state
    throw misread(owner, 'must resolve with rows as the database returned them, and nothing else')
  })
}

/**
 * Returns the number of rows that a statement changed, from the count or from the rows it returned.
 *
 * @throws ConfigurationError if the function resolved with neither.
 */
export function changesOf(owner: string, answer: unknown, returns: boolean): number {
  if (returns && Array.isArray(answer)) {
    if (answer.every((row) => stateOf(row) !== undefined)) return answer.length
    throw misread(owner, 'must resolve with rows as the database returned them, and nothing else')
  }
  if (!returns && Number.isSafeInteger(answer)) return answer as number
  throw misread(
    owner,
    returns
      ? 'must resolve with the rows that a statement with RETURNING returns'
      : 'must resolve with affectedRows if a statement returns no rows',
  )
}

/** Some drivers return rows as arrays. */
function stateOf(row: unknown): unknown {
  if (Array.isArray(row)) return row.length === 1 ? row[0] : undefined
  return typeof row === 'object' && row !== null ? Reflect.get(row, 'state') : undefined
}

function misread(owner: string, remedy: string): ConfigurationError {
  return new ConfigurationError(`${owner}: query ${remedy}`, `${owner}.query`)
}
