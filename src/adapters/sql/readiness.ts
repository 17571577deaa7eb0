/** Finds out before the first statement whether the table is there, and whether statements stand alone. */

import { ConfigurationError } from '../../core/errors.js'
import type { Dialect } from './dialect.js'
import type { Executor } from './executor.js'

/** Resolves once a check has held, which it has to only once; each caller before that waits for it. */
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
 * Fails where statements run in one transaction of the application. MySQL and SQLite do not tell.
 *
 * @throws ConfigurationError where they do.
 */
export async function assertNoTransaction(
  owner: string,
  { name }: Dialect,
  database: Executor,
): Promise<void> {
  if (!(await isInTransaction(name, database))) return
  throw new ConfigurationError(
    `${owner}: query runs in a transaction, whose rollback would erase failures; give it the pool, not a transaction of it`,
    `${owner}.query`,
  )
}

async function isInTransaction(name: Dialect['name'], database: Executor): Promise<boolean> {
  if (name === 'sqlite') return false
  if (name === 'postgres') {
    // Two statements share a transaction's id only within one.
    const transaction = () => database.first('SELECT txid_current()::text AS state', [])
    return (await transaction()) === (await transaction())
  }
  const version = await database.first('SELECT VERSION() AS state', [])
  if (version?.includes('MariaDB') !== true) return false
  return (await database.first('SELECT CAST(@@in_transaction AS CHAR) AS state', [])) === '1'
}
