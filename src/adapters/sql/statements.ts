/** The SQL statements of the state store, built once per store. */

import { batchSize } from './batched-reads.js'
import { columns as definitions, readColumns } from './columns.js'
import type { Dialect } from './dialect.js'
import type { Table } from './table.js'

/** The most rows that one statement prunes; a small batch holds its locks only briefly. */
export const pruneBatch = 500

const columns = definitions.map(({ column }) => column)

export interface Statements {
  /** Binds the subject; returns `readColumns` by name, as one JSON string called `state`. */
  readonly read: string
  /** The same for `batchSize` subjects. */
  readonly readMany: string
  /** Binds the values of `columns`, then the subject. */
  readonly insert: string
  /** Binds the values of `columns`, the subject, then the version that the row must still have. */
  readonly swap: string
  /** The same without the last of `columns`. */
  readonly swapKept: string
  /** Binds the subject. */
  readonly remove: string
  /** Binds an instant; counts, per secret, the codes that expire after it. */
  readonly codesBySecret: string
  /** Counts the rows sealed by each list of secrets. */
  readonly sealsBySecrets: string
  /** Binds two instants: removes rows with `keep_until` at or before the first and `updated_at` before the second. */
  readonly prune: string
}

export function statementsFor(
  dialect: Dialect,
  { name, quoted: table }: Pick<Table, 'name' | 'quoted'>,
): Statements {
  const { quote } = dialect
  const subject = quote('subject')
  const position = (index: number) => `$${index + 1}`
  // Qualified by the table: SQLite reads a quoted name that is not a column as a string.
  const qualified = (column: string) => `${quote(name)}.${quote(column)}`
  const named = (column: string) => `'${column}', ${qualified(column)}`
  const returned = ['subject', ...readColumns.map(({ column }) => column)]
  const reading = (condition: string) =>
    dialect.name === 'postgres'
      ? // A quarter faster than json_build_object, which looks up the type of each argument for every row.
        'SELECT row_to_json(one)::text AS state FROM ' +
        `(SELECT ${returned.map(qualified).join(', ')} FROM ${table} WHERE ${condition}) AS one`
      : `SELECT ${dialect.jsonObject(returned.map(named).join(', '))} AS state ` +
        `FROM ${table} WHERE ${condition}`
  const prunable = `${quote('keep_until')} <= $1 AND ${quote('updated_at')} < $2`
  const counted = (column: string) =>
    `SELECT ${dialect.jsonObject(`'ids', ${quote(column)}, 'rows', COUNT(*)`)} AS state ` +
    `FROM ${table} WHERE ${quote(column)} IS NOT NULL`
  const swapping = (written: readonly string[]) =>
    `UPDATE ${table} SET ` +
    written.map((column, index) => `${quote(column)} = ${position(index)}`).join(', ') +
    ` WHERE ${subject} = ${position(written.length)}` +
    ` AND ${quote('version')} = ${position(written.length + 1)}`
  return {
    codesBySecret: `${counted('key_id')} AND ${quote('expires_at')} > $1 GROUP BY ${quote('key_id')}`,
    sealsBySecrets: `${counted('sealed_by')} GROUP BY ${quote('sealed_by')}`,
    read: reading(`${subject} = $1`),
    readMany: reading(
      `${subject} IN (${Array.from({ length: batchSize }, (_, index) => position(index)).join(', ')})`,
    ),
    insert:
      `INSERT INTO ${table} (${[...columns.map(quote), subject].join(', ')}) ` +
      `VALUES (${[...columns, 'subject'].map((_, index) => position(index)).join(', ')})`,
    swap: swapping(columns),
    swapKept: swapping(columns.slice(0, -1)),
    remove: `DELETE FROM ${table} WHERE ${subject} = $1`,
    // MySQL allows LIMIT only in a derived table. The condition is repeated in case a row is written in between.
    prune:
      `DELETE FROM ${table} WHERE ${subject} IN (SELECT ${subject} FROM (SELECT ${subject} ` +
      `FROM ${table} WHERE ${prunable} LIMIT ${pruneBatch}) AS batch) AND ${prunable}`,
  }
}
