/** Keeps statements prepared on node-sqlite3's connection: to prepare one takes longer than to run it. */

import type { Sequelize } from 'sequelize'

import type { Bind } from '../sql/row-values.js'
import type { StateRow, Runner } from './runner.js'

type Done<T> = (error: Error | null, answer: T) => void

/** What this file uses of a prepared statement of node-sqlite3. */
interface Statement {
  /** Unlike `get`, reads to the end, so that no read transaction is left open. */
  all(bind: Bind[], done: Done<StateRow[]>): void
  run(bind: Bind[], done: (this: { changes: number }, error: Error | null) => void): void
  finalize(): void
}

/** What this file uses of node-sqlite3's connection. */
interface SqliteConnection {
  /** Calls back when nothing runs on this connection; what is begun in there runs alone. */
  wait(turn: (closed: Error | null) => void): void
  prepare(sql: string, done: (error: Error | null) => void): Statement
  close(...done: ((error: Error | null) => void)[]): void
}

/** Uses the connection that Sequelize keeps for statements outside transactions. */
export function sqliteRunner(sequelize: Sequelize): Runner {
  const inTurn = async <T>(sql: string, run: (statement: Statement, done: Done<T>) => void) => {
    const connection = await sequelize.connectionManager.getConnection({ type: 'write' })
    return runInTurn(connection as SqliteConnection, sql, run)
  }
  return {
    rows: (sql, bind) =>
      inTurn<StateRow[]>(sql, (statement, done) => {
        statement.all(bind, done)
      }),
    changes: (sql, bind) =>
      inTurn<number>(sql, (statement, done) => {
        statement.run(bind, function (error) {
          done(error, this.changes)
        })
      }),
  }
}

/**
 * Runs a statement while no other runs on its connection, the application's among them: SQLite does not commit a
 * write while another, which failed for a lock, has not been reset, and takes it back with that one.
 */
function runInTurn<T>(
  connection: SqliteConnection,
  sql: string,
  run: (statement: Statement, done: Done<T>) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    connection.wait((closed) => {
      if (closed !== null) {
        reject(closed)
        return
      }
      const statements = statementsOn(connection)
      const statement = statements.get(sql) ?? prepare(connection, sql, reject)
      run(statement, (error, answer) => {
        if (error === null) {
          resolve(answer)
          return
        }
        // Resets it before the next turn.
        statements.delete(sql)
        statement.finalize()
        reject(error)
      })
    })
  })
}

/** A statement that cannot be prepared never calls back itself. */
function prepare(
  connection: SqliteConnection,
  sql: string,
  failed: (error: Error) => void,
): Statement {
  const statements = statementsOn(connection)
  const statement = connection.prepare(sql, (error) => {
    if (error === null) return
    statements.delete(sql)
    failed(error)
  })
  statements.set(sql, statement)
  return statement
}

const prepared = new WeakMap<SqliteConnection, Map<string, Statement>>()

/** The statements of a connection, which SQLite would not close before they are gone. */
function statementsOn(connection: SqliteConnection): Map<string, Statement> {
  const known = prepared.get(connection)
  if (known !== undefined) return known
  const statements = new Map<string, Statement>()
  prepared.set(connection, statements)
  const close = connection.close.bind(connection)
  connection.close = (...done) => {
    connection.wait(() => {
      for (const statement of statements.values()) statement.finalize()
      statements.clear()
    })
    close(...done)
  }
  return statements
}
