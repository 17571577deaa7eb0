/** The table of counts: one row per counter and ten-minute bucket. */

import type { TableDefinition } from './create-table.js'
import type { TableOptions } from './table.js'

/** The columns, in the order that statements bind them. */
export const countColumns = [
  ...(['counter', 'bucket', 'units', 'held', 'room', 'taken_by', 'keep_until'] as const),
] as const

/** The table's options, with the default name filled in. */
export function countsTable({
  tableName = 'second_factor_counts',
  schema,
}: TableOptions): TableOptions {
  return { tableName, schema }
}

/** Only numbers, keyed hashes and prefixes: no phone numbers, no addresses. */
export const countsDefinition: TableDefinition = {
  parts: ({ quote }, collation) => [
    `${quote('counter')} VARCHAR(64) ${collation} NOT NULL`,
    `${quote('bucket')} INTEGER NOT NULL`,
    `${quote('units')} BIGINT NOT NULL`,
    // Its units, plus those near its edge that the neighbouring bucket counts.
    `${quote('held')} BIGINT NOT NULL`,
    // The last writer's limit and a random number of its own. Only the statement that writes them reads them.
    `${quote('room')} BIGINT NULL`,
    `${quote('taken_by')} BIGINT NOT NULL`,
    `${quote('keep_until')} INTEGER NOT NULL`,
    `PRIMARY KEY (${quote('counter')}, ${quote('bucket')})`,
  ],
  indexes: [['keep_until']],
}
