/** Sets SQLite up to be fast and to let several processes share a file. */

import type { Sequelize } from 'sequelize'

/** The longest wait for another process's lock, in milliseconds. */
const busyTimeoutMs = 5_000

/** The tries at turning the write-ahead log on. SQLite ignores its busy timeout for this. */
const walTries = 50

/** The part of node-sqlite3's connection in use. */
interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): unknown
}

/**
 * Sets the write-ahead log, `synchronous = NORMAL` and a busy timeout of 5 s on every SQLite connection that this instance
 * opens, including those of transactions, and returns the instance. It does nothing on other databases. Without it, each
 * write waits for the disk: about 60 a second instead of well over a thousand.
 *
 * With `synchronous = NORMAL` a killed process loses nothing; a power cut may lose the last writes.
 *
 * @example
 * const sequelize = tuneSqlite(new Sequelize('sqlite:app.sqlite'))
 */
export function tuneSqlite(sequelize: Sequelize): Sequelize {
  if (sequelize.getDialect() !== 'sqlite') return sequelize
  const tuned = new WeakMap<object, Promise<void>>()
  const manager = sequelize.connectionManager
  const getConnection = manager.getConnection.bind(manager)
  // Sequelize 6 runs no connection hooks on SQLite. This runs before a connection's first statement.
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
