/** The table's history, for Umzug or any runner that calls `up` and `down` with a QueryInterface. */

import { QueryTypes, type QueryInterface } from 'sequelize'

import { ConfigurationError } from '../../core/errors.js'
import { dialectOf, type Dialect } from './dialect.js'
import { isColumnThere } from './faults.js'
import { tableNameOf, type TableOptions } from './table-name.js'

/** One step of the table's history. */
export interface Migration {
  /** Kept by the runner as done; never changes. */
  readonly name: string
  readonly up: (params: { readonly context: QueryInterface }) => Promise<void>
  readonly down: (params: { readonly context: QueryInterface }) => Promise<void>
}

/**
 * The migrations of a table with a name of its own, oldest first.
 *
 * @throws ConfigurationError where the name is no plain identifier.
 */
export function migrationsFor(options: TableOptions = {}): Migration[] {
  const tableName = tableNameOf(options)
  return [createStates(tableName), addReceipts(tableName)]
}

/** The migrations of the default table, `second_factor_states`, oldest first. */
export const migrations: Migration[] = migrationsFor()

function createStates(tableName: string): Migration {
  return {
    name: `passport-second-factor-0001-create-${tableName}`,
    up: async ({ context }) => {
      const { sequelize } = context
      const dialect = dialectOf(sequelize)
      const collation = await subjectCollation(context, dialect)
      for (const statement of creation(dialect, tableName, collation)) {
        await sequelize.query(statement)
      }
    },
    down: async ({ context }) => {
      const { quote } = dialectOf(context.sequelize)
      await context.sequelize.query(`DROP TABLE IF EXISTS ${quote(tableName)}`)
    },
  }
}

function addReceipts(tableName: string): Migration {
  const columns: readonly (readonly [column: string, type: string])[] = [
    ['message_ref', 'VARCHAR(255)'],
    ['delivery', 'VARCHAR(32)'],
    ['delivery_reason', 'VARCHAR(32)'],
  ]
  return {
    name: `passport-second-factor-0002-add-receipts-${tableName}`,
    up: async ({ context }) => {
      const { name, quote } = dialectOf(context.sequelize)
      // Only PostgreSQL and MariaDB can be told so; elsewhere a column that is there already is an error.
      const add = name === 'postgres' ? 'ADD COLUMN IF NOT EXISTS' : 'ADD COLUMN'
      for (const [column, type] of columns) {
        const statement = `ALTER TABLE ${quote(tableName)} ${add} ${quote(column)} ${type} NULL`
        await context.sequelize.query(statement).catch((error: unknown) => {
          if (!isColumnThere(error)) throw error
        })
      }
    },
    down: async ({ context }) => {
      const { quote } = dialectOf(context.sequelize)
      for (const [column] of columns) {
        await context.sequelize.query(
          `ALTER TABLE ${quote(tableName)} DROP COLUMN ${quote(column)}`,
        )
      }
    },
  }
}

function creation(dialect: Dialect, tableName: string, collation: string): string[] {
  const { name, quote } = dialect
  const instant = { sqlite: 'DATETIME', postgres: 'TIMESTAMPTZ(3)', mysql: 'DATETIME(3)' }[name]
  const flag = name === 'postgres' ? 'BOOLEAN' : 'TINYINT(1)'
  const columns: readonly (readonly [column: string, type: string])[] = [
    ['subject', `VARCHAR(200) ${collation} NOT NULL PRIMARY KEY`],
    ['version', 'BIGINT NOT NULL'],
    ['challenge_id', 'VARCHAR(64)'],
    ['key_id', 'VARCHAR(64)'],
    ['purpose', 'VARCHAR(32)'],
    ['method', 'VARCHAR(32)'],
    ['channel', 'VARCHAR(32)'],
    ['destination', 'VARCHAR(64)'],
    ['hosted_ref', 'VARCHAR(255)'],
    ['issued_at', `${instant} NULL`],
    ['expires_at', `${instant} NULL`],
    ['attempts', 'INTEGER'],
    ['max_attempts', 'INTEGER'],
    ['challenge_sends', 'INTEGER'],
    ['send_count', 'INTEGER NOT NULL'],
    ['send_rung', 'INTEGER NOT NULL'],
    ['last_send_at', `${instant} NULL`],
    ['next_send_at', `${instant} NULL`],
    ['send_reset_at', `${instant} NULL`],
    ['send_window_started_at', `${instant} NULL`],
    ['send_window_count', 'INTEGER NOT NULL'],
    ['failures', 'INTEGER NOT NULL'],
    ['lock_disabled', `${flag} NOT NULL`],
    ['lock_tier', 'INTEGER NOT NULL'],
    ['locked_until', `${instant} NULL`],
    ['epoch', 'BIGINT NOT NULL'],
    ['grants', 'TEXT NOT NULL'],
    ['keep_until', `${instant} NULL`],
    ['updated_at', `${instant} NOT NULL`],
  ]
  const whole = (wanted: string) =>
    ['purpose', 'method', 'channel', 'destination', 'issued_at', 'expires_at']
      .concat('attempts', 'max_attempts', 'challenge_sends')
      .map((column) => `${quote(column)} IS ${wanted}`)
      .join(' AND ')
  const checks: readonly (readonly [name: string, condition: string])[] = [
    ['max_attempts', `${quote('max_attempts')} >= 1`],
    ['attempts', `${quote('attempts')} >= 0 AND ${quote('attempts')} <= ${quote('max_attempts')}`],
    // A NULL passes the checks above, so that a challenge has either all of its parts or none.
    [
      'challenge',
      `(${quote('challenge_id')} IS NULL AND ${whole('NULL')}) OR ` +
        `(${quote('challenge_id')} IS NOT NULL AND ${whole('NOT NULL')})`,
    ],
    ['failures', `${quote('failures')} >= 0`],
    ['lock', `${quote('lock_tier')} >= 0`],
    ['sends', `${quote('send_count')} >= 0 AND ${quote('send_window_count')} >= 0`],
  ]
  const index = `${tableName}_keep_until`
  const parts = [
    ...columns.map(([column, type]) => `${quote(column)} ${type}`),
    ...checks.map(
      ([check, condition]) =>
        `CONSTRAINT ${quote(`${tableName}_${check}_check`)} CHECK (${condition})`,
    ),
  ]
  const table = `CREATE TABLE IF NOT EXISTS ${quote(tableName)}`
  if (name === 'mysql') {
    // MySQL has no CREATE INDEX IF NOT EXISTS.
    parts.push(`INDEX ${quote(index)} (${quote('keep_until')})`)
    return [`${table} (${parts.join(', ')}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`]
  }
  const statements = [
    `${table} (${parts.join(', ')})`,
    `CREATE INDEX IF NOT EXISTS ${quote(index)} ON ${quote(tableName)} (${quote('keep_until')})`,
  ]
  if (name === 'sqlite') return statements
  // PostgreSQL lets one of two processes that create the same table at once fail, unless one waits. Sent as
  // one text, the statements are one transaction.
  return [[`SELECT pg_advisory_xact_lock(hashtext('${tableName}'))`, ...statements].join('; ')]
}

/**
 * The collation under which two ids are equal only where every byte is. Those that a MySQL server has by
 * default take letters of either case for one, and even `utf8mb4_bin` ignores spaces at the end.
 */
async function subjectCollation(context: QueryInterface, dialect: Dialect): Promise<string> {
  if (dialect.name === 'sqlite') return 'COLLATE BINARY'
  if (dialect.name === 'postgres') return 'COLLATE "C"'
  const [found] = await context.sequelize.query<{ name: string }>(
    'SELECT COLLATION_NAME AS name FROM information_schema.COLLATIONS ' +
      "WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') ORDER BY name DESC",
    { type: QueryTypes.SELECT },
  )
  if (found === undefined) {
    throw new ConfigurationError('the second factor needs MySQL 8.0.17, MariaDB 10.2, or newer')
  }
  return `CHARACTER SET utf8mb4 COLLATE ${found.name}`
}
