/** The text of every statement on the audit log. */

import { auditColumns } from './audit-table.js'
import type { Dialect } from './dialect.js'

/** Rows that one statement prunes at most, so that no statement holds its locks for long. */
const pruneBatch = 500

export interface AuditStatements {
  /** Binds the values of `auditColumns` for so many rows; leaves a row alone whose id is there. */
  readonly insert: (rows: number) => string
  /** Binds outcome and details, then the id. */
  readonly settle: string
  /** Binds the subject, an id that is after all that may come, and how many. */
  readonly read: string
  /** Binds the first id that stays. */
  readonly prune: string
}

export function auditStatements(
  { name, quote, jsonObject }: Dialect,
  table: string,
): AuditStatements {
  const [id, at, type, subject, actor, reason, outcome, details] = auditColumns.map(quote)
  const width = auditColumns.length
  const row = (index: number) =>
    `(${auditColumns.map((_column, column) => `$${index * width + column + 1}`).join(', ')})`
  const entry = jsonObject(auditColumns.map((column) => `'${column}', ${quote(column)}`).join(', '))
  const isThere =
    name === 'mysql' ? `ON DUPLICATE KEY UPDATE ${id} = ${id}` : 'ON CONFLICT DO NOTHING'
  return {
    insert: (rows) =>
      `INSERT INTO ${table} (${[id, at, type, subject, actor, reason, outcome, details].join(', ')}) ` +
      `VALUES ${Array.from({ length: rows }, (_none, index) => row(index)).join(', ')} ${isThere}`,
    settle:
      `UPDATE ${table} SET ${outcome} = $1, ${details} = $2 ` +
      `WHERE ${id} = $3 AND ${outcome} = 'started'`,
    read:
      `SELECT ${entry} AS state FROM ${table} WHERE ${subject} = $1 AND ${id} < $2 ` +
      `ORDER BY ${at} DESC, ${id} DESC LIMIT $3`,
    prune:
      name === 'mysql'
        ? `DELETE FROM ${table} WHERE ${id} < $1 LIMIT ${pruneBatch}`
        : `DELETE FROM ${table} WHERE ${id} IN ` +
          `(SELECT ${id} FROM ${table} WHERE ${id} < $1 LIMIT ${pruneBatch})`,
  }
}
