/** Checks before the first statement that the table exists, and that statements run outside a transaction. */

import { ConfigurationError, StoreUnavailableError } from '../../core/errors.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'

/** Timeout of a run. Without it, one statement that never ends would hang every later one, for the life of the process. */
const runSeconds = 5

/** Runs `work` until it has succeeded once. Callers share the run in progress, and later its result. */
export function onceHeld<T>(work: () => Promise<T>): () => Promise<T> {
  let held: Promise<T> | undefined
  return () => {
    held ??= inTime(work).catch((error: unknown) => {
      held = undefined
      throw error
    })
    return held
  }
}

async function inTime<T>(work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new StoreUnavailableError(`the database did not answer within ${runSeconds} s`))
    }, runSeconds * 1000)
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits for `ready` before each statement. */
export function readied(database: Executor, ready: () => Promise<void>): Executor {
  return {
    all: (sql, bind) => ready().then(() => database.all(sql, bind)),
    first: (sql, bind) => ready().then(() => database.first(sql, bind)),
    change: (sql, bind) => ready().then(() => database.change(sql, bind)),
    written: (sql, bind) => ready().then(() => database.written(sql, bind)),
    insert: (sql, bind) => ready().then(() => database.insert(sql, bind)),
  }
}

/**
 * Fails if what statements write could be rolled back. MySQL and SQLite do not tell if they run in a transaction of the
 * application.
 *
 * @throws ConfigurationError if they run in one, or if MySQL or MariaDB does not commit each statement.
 */
export async function assertNoTransaction(
  owner: string,
  { name }: Dialect,
  database: Executor,
): Promise<void> {
  if (name === 'mysql' && (await readVariable(database, 'autocommit')) === '0') {
    throw new ConfigurationError(
      `${owner}: query runs on a connection with autocommit off, so failures would not be kept; turn autocommit on`,
      `${owner}.query`,
    )
  }
  if (!(await isInTransaction(name, database))) return
  throw new ConfigurationError(
    `${owner}: query runs in a transaction, whose rollback would erase failures; run it on the pool, not in a transaction`,
    `${owner}.query`,
  )
}

async function isInTransaction(name: Dialect['name'], database: Executor): Promise<boolean> {
  if (name === 'sqlite') return false
  if (name === 'postgres') {
    // Two statements have the same transaction id only inside one transaction.
    const transaction = () => database.first('SELECT txid_current()::text AS state', [])
    return (await transaction()) === (await transaction())
  }
  const version = await database.first('SELECT VERSION() AS state', [])
  if (version?.includes('MariaDB') !== true) return false
  return (await readVariable(database, 'in_transaction')) === '1'
}

/** A system variable of MySQL or MariaDB: 1 or 0. Some are ON or OFF as a string, so they are read as numbers. */
function readVariable(database: Executor, name: string): Promise<string | null> {
  return database.first(`SELECT CAST(@@${name} + 0 AS CHAR) AS state`, [])
}
