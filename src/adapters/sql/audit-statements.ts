/** The SQL statements of the audit log. */

import { auditColumns } from './audit-table.js'
import type { Dialect } from './dialect.js'

/** The most rows that one statement prunes; a small batch holds its locks only briefly. */
const pruneBatch = 500

export interface AuditStatements {
  /** Binds the values of `auditColumns` for this many rows; skips a row whose id already exists. */
  readonly insert: (rows: number) => string
  /** Binds the outcome, the details, then the id. */
  readonly settle: string
  /** Binds the subject, the id that every returned entry comes before, then the limit. */
  readonly read: string
  /** Binds the first id to keep. */
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
