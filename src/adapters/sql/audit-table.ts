/** The audit log's table: one row per entry. */

import type { TableDefinition } from './create-table.js'
import type { TableOptions } from './table.js'

/** The columns, in the order that statements bind them. */
export const auditColumns = [
  ...(['id', 'at', 'type', 'subject', 'actor', 'reason', 'outcome', 'details'] as const),
] as const

/** The table's options, with the default name filled in. */
export function auditTable({
  tableName = 'second_factor_audit',
  schema,
}: TableOptions): TableOptions {
  return { tableName, schema }
}

/** Entries are looked up by subject and by type; the primary key sorts by time. */
export const auditDefinition: TableDefinition = {
  parts: ({ name, quote }, collation) => {
    const instant = { sqlite: 'DATETIME', postgres: 'TIMESTAMPTZ(3)', mysql: 'DATETIME(3)' }[name]
    return [
      `${quote('id')} VARCHAR(26) ${collation} NOT NULL PRIMARY KEY`,
      `${quote('at')} ${instant} NOT NULL`,
      `${quote('type')} VARCHAR(64) NOT NULL`,
      `${quote('subject')} VARCHAR(240) ${collation} NULL`,
      `${quote('actor')} VARCHAR(200) NULL`,
      `${quote('reason')} VARCHAR(200) NULL`,
      `${quote('outcome')} VARCHAR(16) NULL`,
      `${quote('details')} TEXT NOT NULL`,
    ]
  },
  indexes: [
    ['subject', 'at'],
    ['type', 'at'],
  ],
}
