/** The audit log in an SQL table, over any executor. */

import { firstAuditIdAt } from '../../core/audit-id.js'
import type { AuditEntry, AuditLog } from '../../ports/audit-log.js'
import { auditStatements } from './audit-statements.js'
import { readInstant, type Dialect } from './dialect.js'
import type { Executor } from './executor.js'
import type { Bind } from './row-values.js'
import type { Table } from './table.js'

/** Batch sizes for inserts. A few fixed sizes keep the number of prepared statements small. */
const inserts = [50, 10, 1] as const

/** Makes the log. `prune` removes entries older than `keep` milliseconds. */
export function auditIn(
  table: Table,
  dialect: Dialect,
  database: Executor,
  keep: number,
): AuditLog & Required<Pick<AuditLog, 'prune'>> {
  const sql = auditStatements(dialect, table.quoted)
  return {
    async append(entries) {
      let rest = entries
      while (rest.length > 0) {
        const rows = inserts.find((size) => size <= rest.length) ?? 1
        const binds = rest.slice(0, rows).flatMap((entry) => bindsOf(entry, dialect))
        await database.change(sql.insert(rows), binds)
        rest = rest.slice(rows)
      }
    },
    async settle(id, outcome, details) {
      await database.change(sql.settle, [outcome, JSON.stringify(details), id])
    },
    async read({ subject, limit, before }) {
      const rows = await database.all(sql.read, [subject, before ?? afterAll, limit])
      return rows.map((row) => entryOf(JSON.parse(row) as Columns))
    },
    prune: (now) => database.change(sql.prune, [firstAuditIdAt(now.getTime() - keep)]),
  }
}

/** Sorts after every id. */
const afterAll = '~'

function bindsOf(entry: AuditEntry, { writeInstant }: Dialect): Bind[] {
  const { id, at, type, subject, actor, reason, outcome, details } = entry
  return [
    ...[id, writeInstant(at.getTime()), type.slice(0, 64), subject, actor, reason, outcome],
    JSON.stringify(details),
  ]
}

interface Columns extends Omit<AuditEntry, 'at' | 'details'> {
  readonly at: string
  readonly details: string
}

function entryOf({ at, details, ...columns }: Columns): AuditEntry {
  return {
    ...columns,
    at: new Date(readInstant(at)),
    details: JSON.parse(details) as AuditEntry['details'],
  }
}
