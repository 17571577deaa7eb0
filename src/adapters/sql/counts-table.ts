/** The table of counts: one row for each counter and bucket of ten minutes. */

import type { TableDefinition } from './create-table.js'
import type { TableOptions } from './table.js'

/** The columns, in the order of the statements' values. */
export const countColumns = [
  ...(['counter', 'bucket', 'units', 'held', 'room', 'taken_by', 'keep_until'] as const),
] as const

/** The options of the table, with the name in force. */
export function countsTable({
  tableName = 'second_factor_counts',
  schema,
}: TableOptions): TableOptions {
  return { tableName, schema }
}

/** Columns of numbers alone, beside keyed hashes and prefixes: no phone and no address. */
export const countsDefinition: TableDefinition = {
  parts: ({ quote }, collation) => [
    `${quote('counter')} VARCHAR(64) ${collation} NOT NULL`,
    `${quote('bucket')} INTEGER NOT NULL`,
    `${quote('units')} BIGINT NOT NULL`,
    // The units, and those near its edge that are counted in the bucket beside.
    `${quote('held')} BIGINT NOT NULL`,
    // The limit of whoever wrote last, and a number of theirs. Only the statement that writes them reads them.
    `${quote('room')} BIGINT NULL`,
    `${quote('taken_by')} BIGINT NOT NULL`,
    `${quote('keep_until')} INTEGER NOT NULL`,
    `PRIMARY KEY (${quote('counter')}, ${quote('bucket')})`,
  ],
  indexes: [['keep_until']],
}
