/** The one function that an application gives: it runs a statement on whatever client there is. */

import { ConfigurationError } from '../../core/errors.js'
import type { Bind } from './row-values.js'

/** A value of a statement. Booleans come on PostgreSQL alone. */
export type SqlValue = Bind

/** What a statement returned: its rows, or, where it returns none, how many rows it changed. */
export type SqlAnswer = readonly unknown[] | number

/**
 * Runs one statement, and resolves with its rows or with the number of rows that it changed. Each placeholder stands for
 * one value, in order: `$1`, `$2` on PostgreSQL, `?` elsewhere.
 *
 * On PostgreSQL and SQLite every statement on rows returns some (`RETURNING`), so that the rows are enough. On MySQL and
 * MariaDB one that returns none resolves with `affectedRows`, with or without the flag `FOUND_ROWS`.
 *
 * `name` is the same for the same text, for clients that keep statements prepared by a name, as `pg` does.
 *
 * It has to run on the pool, or on a connection of its own: never in a transaction of the application, whose rollback
 * would erase a failure, and never on a replica.
 *
 * ```ts
 * async (text, values, name) => (await pool.query({ name, text, values })).rows // pg
 * ```
 */
export type SqlQuery = (text: string, values: SqlValue[], name: string) => Promise<SqlAnswer>

/**
 * What the one column of each row holds.
 *
 * @throws ConfigurationError where the function resolved with something else than rows.
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
 * How many rows a statement changed, by their number or by the rows that it returned.
 *
 * @throws ConfigurationError where the function resolved with neither.
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
      : 'must resolve with affectedRows where a statement returns no rows',
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
