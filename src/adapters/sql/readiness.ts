/** Checks before the first statement that the table exists, and that statements run outside a transaction. */

import { ConfigurationError } from '../../core/errors.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'

/** Runs a check until it has passed once. Callers wait for the run in progress; after it has passed, they do not wait. */
export function onceHeld(check: () => Promise<void>): () => Promise<void> {
  let held: Promise<void> | undefined
  return () => {
    held ??= check().catch((error: unknown) => {
      held = undefined
      throw error
    })
    return held
  }
}

/** Waits for `ready` before each statement. */
export function readied(database: Executor, ready: () => Promise<void>): Executor {
  return {
    all: (sql, bind) => ready().then(() => database.all(sql, bind)),
    first: (sql, bind) => ready().then(() => database.first(sql, bind)),
    change: (sql, bind) => ready().then(() => database.change(sql, bind)),
    insert: (sql, bind) => ready().then(() => database.insert(sql, bind)),
  }
}

/**
 * Fails if statements run in a transaction of the application. MySQL and SQLite cannot tell, so they always pass.
 *
 * @throws ConfigurationError if they do.
 */
export async function assertNoTransaction(
  owner: string,
  { name }: Dialect,
  database: Executor,
): Promise<void> {
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
  return (await database.first('SELECT CAST(@@in_transaction AS CHAR) AS state', [])) === '1'
}
