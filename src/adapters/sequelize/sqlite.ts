/** Tunes SQLite for fast writes, and for several processes on one file. */

import type { Sequelize } from 'sequelize'

/** Timeout for another process's lock, in milliseconds. */
const busyTimeoutMs = 5_000

/** Attempts to turn on the write-ahead log, 20 ms apart: SQLite ignores the busy timeout for that statement. */
const walTries = 50

/** The part of node-sqlite3's connection in use. */
interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): unknown
}

/**
 * Turns on the write-ahead log, `synchronous = NORMAL` and a busy timeout of 5 s for every SQLite connection that the
 * instance opens, including those of transactions, and returns the instance. Does nothing on other databases. An
 * untuned connection waits for the disk on each write: about 60 writes a second instead of well over a thousand.
 *
 * With `synchronous = NORMAL`, a killed process loses nothing; a power cut may lose the last writes.
 *
 * @example
 * const sequelize = tuneSqlite(new Sequelize('sqlite:app.sqlite'))
 */
export function tuneSqlite(sequelize: Sequelize): Sequelize {
  if (sequelize.getDialect() !== 'sqlite') return sequelize
  const tuned = new WeakMap<object, Promise<void>>()
  const manager = sequelize.connectionManager
  const getConnection = manager.getConnection.bind(manager)
  // Sequelize 6 runs no connection hooks on SQLite, so tune each connection before its first statement here.
  manager.getConnection = async (options) => {
    const connection = await getConnection(options)
    if (!isSqlite(connection)) return connection
    let tuning = tuned.get(connection)
    if (tuning === undefined) {
      tuning = tune(connection)
      tuned.set(connection, tuning)
      tuning.catch(() => tuned.delete(connection))
    }
    await tuning
    return connection
  }
  return sequelize
}

async function tune(connection: SqliteConnection): Promise<void> {
  await exec(connection, `PRAGMA busy_timeout = ${busyTimeoutMs}`)
  await exec(connection, 'PRAGMA synchronous = NORMAL')
  for (let tries = 1; ; tries += 1) {
    try {
      await exec(connection, 'PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (tries === walTries) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function exec(connection: SqliteConnection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.exec(sql, (error) => {
      if (error === null) resolve()
      else reject(error)
    })
  })
}

function isSqlite(connection: object): connection is SqliteConnection {
  return 'exec' in connection && typeof connection.exec === 'function'
}
