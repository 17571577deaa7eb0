/** The table of states: one row per user. */

import { columns, type ColumnType } from './columns.js'
import type { TableDefinition } from './create-table.js'
import type { Dialect } from './dialect.js'
import { tableNameOf, type TableOptions } from './table.js'

/**
 * Defines the columns, the checks and the index.
 *
 * @throws ConfigurationError if the table's name cannot be used.
 */
export function statesDefinition(options: TableOptions): TableDefinition {
  return { parts: partsOf.bind(null, tableNameOf(options)), indexes: [['keep_until']] }
}

function partsOf(tableName: string, dialect: Dialect, collation: string): readonly string[] {
  const { quote } = dialect
  return [
    `${quote('subject')} VARCHAR(200) ${collation} NOT NULL PRIMARY KEY`,
    ...columns.map(({ column, type, isRequired }) => {
      return `${quote(column)} ${sqlTypeOf(type, dialect)} ${isRequired ? 'NOT NULL' : 'NULL'}`
    }),
    // Set by an enrolment policy: shows operators who must enrol by when.
    `${quote('factors_due_at')} ${sqlTypeOf({ holds: 'instant' }, dialect)} NULL`,
    ...checksFor(quote).map(
      ([check, condition]) =>
        `CONSTRAINT ${quote(`${tableName}_${check}_check`)} CHECK (${condition})`,
    ),
  ]
}

/** The type of a column in this database. */
export function sqlTypeOf(type: ColumnType, { name }: Dialect): string {
  switch (type.holds) {
    case 'string':
      return `VARCHAR(${type.length})`
    case 'count':
      return 'INTEGER'
    case 'bigCount':
      return 'BIGINT'
    case 'text':
      return 'TEXT'
    case 'json':
      // MySQL's TEXT ends at 64 kB, which one person's keys and devices could exceed.
      return name === 'mysql' ? 'MEDIUMTEXT' : 'TEXT'
    case 'flag':
      return name === 'postgres' ? 'BOOLEAN' : 'TINYINT(1)'
    case 'instant':
      return { sqlite: 'DATETIME', postgres: 'TIMESTAMPTZ(3)', mysql: 'DATETIME(3)' }[name]
  }
}

/**
 * Conditions that every row meets. A comparison with NULL is neither true nor false, and a CHECK lets it pass; that is why
 * presence is checked too.
 */
function checksFor(
  quote: Dialect['quote'],
): readonly (readonly [name: string, condition: string])[] {
  const each = (test: string, names: readonly string[]) =>
    names.map((column) => `${quote(column)} ${test}`).join(' AND ')
  const areNull = (...names: readonly string[]) => each('IS NULL', names)
  const areSet = (...names: readonly string[]) => each('IS NOT NULL', names)
  const areCounts = (...names: readonly string[]) => each('>= 0', names)
  const owner = quote('code_owner')
  const challenge = [
    ...['challenge_id', 'purpose', 'code_owner', 'channel', 'destination', 'challenge_epoch'],
    ...['issued_at', 'expires_at', 'attempts', 'max_attempts', 'challenge_sends'],
  ]
  const counters = ['send_count', 'send_rung', 'send_window_count', 'send_answered_count']
  const waits = ['last_send_at', 'next_send_at', 'send_reset_at', 'send_window_started_at']
  return [
    ['failures', areCounts('failures')],
    ['lock', areCounts('lock_tier')],
    ['epoch', areCounts('epoch')],
    ['max_attempts', `${quote('max_attempts')} >= 1`],
    ['attempts', `${areCounts('attempts')} AND ${quote('attempts')} <= ${quote('max_attempts')}`],
    ['sends', areCounts(...counters, 'challenge_sends', 'challenge_epoch')],
    ['ledger', `(${areNull(...counters, ...waits)}) OR (${areSet(...counters)})`],
    ['challenge', `(${areNull(...challenge)}) OR (${areSet(...challenge)})`],
    // A challenge needs the phone's send counters, and each kind of code its own column.
    ['challenge_ledger', `${areNull('challenge_id')} OR ${areSet('send_count')}`],
    ['session_key', `${areNull('session_key')} OR ${areSet('challenge_id')}`],
    [
      'code',
      `(${areNull('code_owner', 'key_id', 'hosted_ref')}) OR (${areSet('code_owner')} AND (` +
        `(${owner} = 'local' AND ${areSet('key_id')} AND ${areNull('hosted_ref')}) OR ` +
        `(${owner} = 'hosted' AND ${areNull('key_id')})))`,
    ],
    [
      'receipt',
      `(${areNull('message_ref', 'delivery', 'delivery_reason')}) OR ` +
        `(${areSet('message_ref', 'delivery', 'challenge_id')})`,
    ],
  ]
}
