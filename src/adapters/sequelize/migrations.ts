/** The table's history, for Umzug or any runner that calls `up` and `down` with a QueryInterface. */

import { QueryTypes, type QueryInterface } from 'sequelize'

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import { columns, type ColumnType } from './columns.js'
import { dialectOf, type Dialect } from './dialect.js'
import {
  schemaOf,
  tableNameOf,
  tableOf,
  tableOptionNames,
  type Table,
  type TableOptions,
} from './table.js'

/** One step of the table's history. */
export interface Migration {
  /** Kept by the runner as done; never changes. */
  readonly name: string
  readonly up: (params: { readonly context: QueryInterface }) => Promise<void>
  readonly down: (params: { readonly context: QueryInterface }) => Promise<void>
}

/**
 * The migrations of a table with a name or a schema of its own, oldest first.
 *
 * @throws ConfigurationError where one of the two cannot be used.
 * @example
 * const umzug = new Umzug({ migrations: migrationsFor({ schema: 'auth' }), … })
 */
export function migrationsFor(options: TableOptions = {}): Migration[] {
  assertKnownOptions('migrationsFor', options, tableOptionNames)
  return [createStates(options)]
}

/** The migrations of the default table, `second_factor_states`, oldest first. */
export const migrations: Migration[] = migrationsFor()

function createStates(options: TableOptions): Migration {
  const [schema, tableName] = [schemaOf(options), tableNameOf(options)]
  return {
    name: `passport-second-factor-0001-create-${schema === null ? '' : `${schema}.`}${tableName}`,
    up: async ({ context }) => {
      const { sequelize } = context
      const dialect = dialectOf(sequelize)
      const table = tableOf(sequelize, options)
      const collation = await subjectCollation(context, dialect)
      for (const statement of creation(dialect, table, collation)) {
        await sequelize.query(statement)
      }
    },
    down: async ({ context }) => {
      const { sequelize } = context
      await sequelize.query(`DROP TABLE IF EXISTS ${tableOf(sequelize, options).quoted}`)
    },
  }
}

function creation(dialect: Dialect, target: Table, collation: string): string[] {
  const { name: tableName, quoted, schema } = target
  const { name, quote } = dialect
  const definitions = [
    `${quote('subject')} VARCHAR(200) ${collation} NOT NULL PRIMARY KEY`,
    ...columns.map(({ column, type, isRequired }) => {
      return `${quote(column)} ${sqlTypeOf(type, dialect)} ${isRequired ? 'NOT NULL' : 'NULL'}`
    }),
    // Set by a policy of enrolment: operators see who must enrol by when.
    `${quote('factors_due_at')} ${sqlTypeOf({ holds: 'instant' }, dialect)} NULL`,
  ]
  const index = `${tableName}_keep_until`
  const parts = [
    ...definitions,
    ...checksFor(quote).map(
      ([check, condition]) =>
        `CONSTRAINT ${quote(`${tableName}_${check}_check`)} CHECK (${condition})`,
    ),
  ]
  const table = `CREATE TABLE IF NOT EXISTS ${quoted}`
  if (name === 'mysql') {
    // MySQL has no CREATE INDEX IF NOT EXISTS.
    parts.push(`INDEX ${quote(index)} (${quote('keep_until')})`)
    return [`${table} (${parts.join(', ')}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`]
  }
  const statements = [
    `${table} (${parts.join(', ')})`,
    `CREATE INDEX IF NOT EXISTS ${quote(index)} ON ${quoted} (${quote('keep_until')})`,
  ]
  if (name === 'sqlite') return statements
  // PostgreSQL lets one of two processes that create the same table at once fail, unless one waits. Sent as
  // one text, the statements are one transaction.
  return [
    [
      `SELECT pg_advisory_xact_lock(hashtext('${tableName}'))`,
      ...(schema === null ? [] : [schemaCreation(schema)]),
      ...statements,
    ].join('; '),
  ]
}

/** Asks first: `IF NOT EXISTS` needs the right to make a schema even where it makes none. */
function schemaCreation(schema: string): string {
  return (
    `DO $$ BEGIN IF to_regnamespace('"${schema}"') IS NULL THEN ` +
    `CREATE SCHEMA "${schema}"; END IF; END $$`
  )
}

function sqlTypeOf(type: ColumnType, { name }: Dialect): string {
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
      // TEXT of MySQL ends at 64 kB, which the keys and devices of one person could reach.
      return name === 'mysql' ? 'MEDIUMTEXT' : 'TEXT'
    case 'flag':
      return name === 'postgres' ? 'BOOLEAN' : 'TINYINT(1)'
    case 'instant':
      return { sqlite: 'DATETIME', postgres: 'TIMESTAMPTZ(3)', mysql: 'DATETIME(3)' }[name]
  }
}

/**
 * Conditions that hold for every row. A database lets a row pass whose condition is neither true nor false, as
 * any comparison with NULL is, so presence is checked with it or apart.
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
  const counters = ['send_count', 'send_rung', 'send_window_count']
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
    // The phone's challenge needs the phone's ledger, and each kind of code its own column.
    ['challenge_ledger', `${areNull('challenge_id')} OR ${areSet('send_count')}`],
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

/**
 * The collation under which two ids are equal only where every byte is. The defaults of a MySQL server
 * ignore case, and even `utf8mb4_bin` ignores spaces at the end.
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
