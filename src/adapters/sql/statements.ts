/** The SQL statements of the state store, built once per store. */

import { batchSize } from './batched-reads.js'
import { columns as definitions, readColumns } from './columns.js'
import type { Dialect } from './dialect.js'
import { sqlTypeOf } from './states-table.js'
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
  /** The same without the last of `columns`; `null` if that spares nothing. */
  readonly swapKept: string | null
  /**
   * Binds a JSON list of rows by the names of their columns, with `subject` and `expected`, the version that the row must
   * still have. Returns the subjects written; passes over rows that other transactions have locked. `null` if the database
   * has no such statement.
   */
  readonly swapMany: string | null
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
    swapKept: dialect.name === 'sqlite' ? swapping(columns.slice(0, -1)) : null,
    swapMany: dialect.name === 'postgres' ? swappingMany(dialect, table) : null,
    remove: `DELETE FROM ${table} WHERE ${subject} = $1`,
    // MySQL allows LIMIT only in a derived table. The condition is repeated in case a row is written in between.
    prune:
      `DELETE FROM ${table} WHERE ${subject} IN (SELECT ${subject} FROM (SELECT ${subject} ` +
      `FROM ${table} WHERE ${prunable} LIMIT ${pruneBatch}) AS batch) AND ${prunable}`,
  }
}

/**
 * The subquery locks the rows as the UPDATE would, but without waiting for one that another transaction has locked. The
 * parameter is a text first, because some clients would turn a string into JSON once more.
 */
function swappingMany(dialect: Dialect, table: string): string {
  const { quote } = dialect
  const [subject, version] = ['subject', 'version'].map(quote)
  const types = definitions.map(
    ({ column, type }) => `${quote(column)} ${sqlTypeOf(type, dialect)}`,
  )
  const isSame = (row: string) =>
    `${row}.${subject} = next.${subject} AND ${row}.${version} = next.expected`
  return (
    `UPDATE ${table} AS held SET (${columns.map(quote).join(', ')}) = ` +
    `(${columns.map((column) => `next.${quote(column)}`).join(', ')}) FROM (SELECT next.* FROM ` +
    `json_to_recordset($1::text::json) AS next (${subject} TEXT, expected BIGINT, ${types.join(', ')}) ` +
    `JOIN ${table} AS free ON ${isSame('free')} FOR NO KEY UPDATE OF free SKIP LOCKED) AS next ` +
    `WHERE ${isSame('held')} RETURNING held.${subject} AS state`
  )
}
