/** Takes statements straight to node-sqlite3: around each, Sequelize does more work than SQLite does for it. */

import type { Sequelize } from 'sequelize'

import type { Bind } from './columns.js'
import type { StateRow, Runner } from './runner.js'

/** What this file uses of node-sqlite3's connection; Sequelize itself uses the same. */
interface SqliteConnection {
  /** Statements that `work` begins run in turn with all others of this connection, Sequelize's among them. */
  serialize(work: () => void): void
  all(sql: string, bind: Bind[], done: (error: Error | null, rows: StateRow[]) => void): void
  run(
    sql: string,
    bind: Bind[],
    done: (this: { changes: number }, error: Error | null) => void,
  ): void
}

/**
 * Uses the connection that Sequelize keeps for statements outside transactions. An application that watches its
 * statements goes on seeing these: where it logs, hooks into or has wrapped queries, they go by `watched`.
 */
export function sqliteRunner(sequelize: Sequelize, watched: Runner): Runner {
  const connect = () =>
    sequelize.connectionManager.getConnection({ type: 'write' }) as Promise<SqliteConnection>
  return {
    rows: (sql, bind) =>
      isWatched(sequelize) ? watched.rows(sql, bind) : connect().then((on) => rows(on, sql, bind)),
    changes: (sql, bind) =>
      isWatched(sequelize)
        ? watched.changes(sql, bind)
        : connect().then((on) => changes(on, sql, bind)),
  }
}

function rows(connection: SqliteConnection, sql: string, bind: Bind[]): Promise<StateRow[]> {
  return new Promise((resolve, reject) => {
    connection.serialize(() => {
      connection.all(sql, bind, (error, found) => {
        if (error === null) resolve(found)
        else reject(error)
      })
    })
  })
}

function changes(connection: SqliteConnection, sql: string, bind: Bind[]): Promise<number> {
  return new Promise((resolve, reject) => {
    connection.serialize(() => {
      connection.run(sql, bind, function (error) {
        if (error === null) resolve(this.changes)
        else reject(error)
      })
    })
  })
}

/** Asked at each statement, for an application may begin to watch at any time. */
function isWatched(sequelize: Sequelize): boolean {
  const { logging } = Reflect.get(sequelize, 'options') as { logging?: unknown }
  return (
    Boolean(logging) ||
    sequelize.hasHook('beforeQuery') ||
    sequelize.hasHook('afterQuery') ||
    Object.hasOwn(sequelize, 'query')
  )
}
