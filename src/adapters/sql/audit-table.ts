/** The table of the audit log: one row for each entry. */

import type { TableDefinition } from './create-table.js'
import type { TableOptions } from './table.js'

/** The columns, in the order of the statements' values. */
export const auditColumns = [
  ...(['id', 'at', 'type', 'subject', 'actor', 'reason', 'outcome', 'details'] as const),
] as const

/** The options of the table, with the name in force. */
export function auditTable({
  tableName = 'second_factor_audit',
  schema,
}: TableOptions): TableOptions {
  return { tableName, schema }
}

/** Entries are found by whom they are about and by what they are; the key itself sorts by time. */
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
