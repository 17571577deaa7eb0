/** Classifies a database's error as a duplicate key, a passing fault or a lasting one, and keeps only what is safe to log. */

import { StoreUnavailableError } from '../../core/errors.js'

/** The fields of an error that this file looks at. */
interface DriverFacts {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** True if a row with this key already exists. */
export function isDuplicate(error: unknown): boolean {
  const { code, message } = driverFacts(error)
  // Sequelize on SQLite reports a failed CHECK as UniqueConstraintError too; only the driver's message tells them apart.
  if (code === 'SQLITE_CONSTRAINT') return message.includes('UNIQUE constraint failed')
  return code === '23505' || code === 'ER_DUP_ENTRY'
}

/** Codes that mean nothing was changed and a retry may succeed. */
const passing: ReadonlySet<string> = new Set([
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  // PostgreSQL: serialization failure, deadlock.
  '40001',
  '40P01',
  'ER_LOCK_DEADLOCK',
  // MariaDB: the row changed since the snapshot.
  'ER_CHECKREAD',
])

/** True if a retry may succeed. */
export function isPassing(error: unknown): boolean {
  const { code } = driverFacts(error)
  // Some drivers pass on SQLite's extended codes, such as SQLITE_BUSY_SNAPSHOT.
  return passing.has(code.replace(/^(SQLITE_(?:BUSY|LOCKED))_.*/, '$1'))
}

/**
 * True if PostgreSQL undid the statement because of what one row is: its values, a constraint, a policy, a trigger, or
 * another transaction.
 */
export function isUndone(error: unknown): boolean {
  return isPassing(error) || /^(?:2[23]|42|44|P0)[0-9A-Z]{3}$/.test(driverFacts(error).code)
}

/** Codes of a table or column that does not exist. */
const outdated: ReadonlySet<string> = new Set([
  ...['42P01', '42703', '3F000', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR'],
])

/** Codes of a replica, or of a connection or file that allows no writes. */
const readOnly: ReadonlySet<string> = new Set([
  ...['25006', 'ER_OPTION_PREVENTS_STATEMENT', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'],
  'SQLITE_READONLY',
])

/** True if PostgreSQL ran nothing because the prepared statement is missing, or its name is taken. */
export function isUnprepared(error: unknown): boolean {
  return ['26000', '42P05'].includes(driverFacts(error).code)
}

/**
 * Makes the error that the store throws. An ORM's error contains the statement's values, including phone numbers, so it is
 * neither wrapped nor quoted: only its name and the database's code are kept.
 */
export function faultOf(error: unknown): StoreUnavailableError {
  const { name, code, message } = driverFacts(error)
  return new StoreUnavailableError(
    `the database failed (${[name, code].join(' ').trim()})${hintFor(code, message)}`,
  )
}

function hintFor(code: string, message: string): string {
  if (outdated.has(code) || /no such (?:table|column)|has no column named/.test(message)) {
    return '; its table is missing or outdated, run the migrations'
  }
  if (readOnly.has(code))
    return '; it allows only reads here, connect to the primary with write access'
  return code === 'ER_UNKNOWN_COLLATION'
    ? '; MySQL and MariaDB differ, so give the dialect of this server'
    : ''
}

/** The properties in which wrappers keep the driver's error. */
const inner = ['parent', 'driverError', 'cause'] as const

function driverFacts(error: unknown): DriverFacts {
  let driver = error
  for (let depth = 0; depth < 4; depth += 1) {
    const next = inner.map((key) => property(driver, key)).find((found) => found instanceof Error)
    if (next === undefined) break
    driver = next
  }
  return {
    name: token(property(error, 'name')),
    code: token(codeOfPrisma(error) ?? property(driver, 'code')),
    message: String(property(driver, 'message')),
  }
}

/** Prisma keeps the database's code apart from its own. */
function codeOfPrisma(error: unknown): unknown {
  const path = ['meta', 'driverAdapterError', 'cause', 'originalCode']
  return path.reduce(property, error)
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** Keeps a name or a code; anything longer or with other characters could contain values, and is dropped. */
function token(value: unknown): string {
  return typeof value === 'string' && /^\w{1,60}$/.test(value) ? value : ''
}
