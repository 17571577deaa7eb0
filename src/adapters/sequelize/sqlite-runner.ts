/**
 * Takes statements straight to node-sqlite3, on Sequelize's own connection: around each one Sequelize does
 * for SQLite about as much work again as the statement itself is.
 */

import type { Sequelize } from 'sequelize'

import type { Bind } from './columns.js'
import type { Row } from './rows.js'
import type { Runner } from './runner.js'

/** What this file uses of node-sqlite3's connection. */
interface SqliteConnection {
  /** Statements that `work` begins wait for those before them, and those after for them, as all of Sequelize's do. */
  serialize(work: () => void): void
  all(sql: string, bind: Bind[], done: (error: Error | null, rows: Row[]) => void): void
  run(
    sql: string,
    bind: Bind[],
    done: (this: { changes: number }, error: Error | null) => void,
  ): void
}

/**
 * @param watched Sequelize's own way, for instances whose application logs its queries, hooks into them, or
 *   has wrapped `query`: it goes on seeing these statements too.
 */
export function sqliteRunner(sequelize: Sequelize, watched: Runner): Runner {
  const direct = async (): Promise<SqliteConnection | null> => {
    if (isWatched(sequelize)) return null
    const connection = await sequelize.connectionManager.getConnection({ type: 'write' })
    return isSqlite(connection) ? connection : null
  }
  return {
    async rows(sql, bind) {
      const connection = await direct()
      if (connection === null) return watched.rows(sql, bind)
      return new Promise((resolve, reject) => {
        connection.serialize(() => {
          connection.all(sql, bind, (error, rows) => {
            if (error === null) resolve(rows)
            else reject(error)
          })
        })
      })
    },
    async changes(sql, bind) {
      const connection = await direct()
      if (connection === null) return watched.changes(sql, bind)
      return new Promise((resolve, reject) => {
        connection.serialize(() => {
          connection.run(sql, bind, function (error) {
            if (error === null) resolve(this.changes)
            else reject(error)
          })
        })
      })
    },
  }
}

/** Asked at each statement: an application may begin to watch at any time. */
function isWatched(sequelize: Sequelize): boolean {
  const { logging } = Reflect.get(sequelize, 'options') as { logging?: unknown }
  return (
    Boolean(logging) ||
    sequelize.hasHook('beforeQuery') ||
    sequelize.hasHook('afterQuery') ||
    Object.hasOwn(sequelize, 'query')
  )
}

function isSqlite(connection: object): connection is SqliteConnection {
  return ['serialize', 'all', 'run'].every(
    (method) => typeof Reflect.get(connection, method) === 'function',
  )
}
