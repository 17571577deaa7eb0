/** Reads a database's error: whether it means a lost race, a passing one, or a fault; and what may be told of it. */

import { StoreUnavailableError } from '../../core/errors.js'

/** What an error says, as far as it is safe to look at. */
interface DriverFacts {
  readonly name: string
  readonly code: string
  readonly message: string
}

/** Whether a row with this key is there already. */
export function isDuplicate(error: unknown): boolean {
  const { code, message } = driverFacts(error)
  // Sequelize on SQLite says UniqueConstraintError for a failed CHECK too; only the driver's text tells.
  if (code === 'SQLITE_CONSTRAINT') return message.includes('UNIQUE constraint failed')
  return code === '23505' || code === 'ER_DUP_ENTRY'
}

/** Faults in which the database certainly changed nothing, and may do so when asked again. */
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

/** Whether asking once more may help. */
export function isPassing(error: unknown): boolean {
  const { code } = driverFacts(error)
  // SQLite says more after its own word, such as SQLITE_BUSY_SNAPSHOT, where a driver hands that on.
  return passing.has(code.replace(/^(SQLITE_(?:BUSY|LOCKED))_.*/, '$1'))
}

/** Whether PostgreSQL ran nothing, for a prepared statement that it does not have, or already had. */
export function isUnprepared(error: unknown): boolean {
  return ['26000', '42P05'].includes(driverFacts(error).code)
}

/**
 * The error that leaves the store. That of an ORM carries the statement's values, phone numbers among
 * them, and is therefore neither wrapped nor quoted: only its name and the database's code are told.
 */
export function faultOf(error: unknown): StoreUnavailableError {
  const { name, code, message } = driverFacts(error)
  const outdated =
    ['42P01', '42703', '3F000', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR'].includes(code) ||
    /no such (?:table|column)|has no column named/.test(message)
  const hint = outdated
    ? '; its table is missing or outdated, run the migrations'
    : code === 'ER_UNKNOWN_COLLATION'
      ? '; MySQL and MariaDB differ, so give the dialect of this server'
      : ''
  return new StoreUnavailableError(`the database failed (${[name, code].join(' ').trim()})${hint}`)
}

/** Wrappers name the driver's error in these ways. */
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
    code: token(property(driver, 'code')),
    message: String(property(driver, 'message')),
  }
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}

/** A name or a code; anything that reads like more is left out. */
function token(value: unknown): string {
  return typeof value === 'string' && /^\w{1,60}$/.test(value) ? value : ''
}
