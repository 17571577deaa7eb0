/** Keeps prepared statements on node-sqlite3's connection, because preparing one takes longer than running it. */

import type { Sequelize } from 'sequelize'

import type { Bind } from '../sql/row-values.js'
import type { StateRow, Runner } from './runner.js'

type Done<T> = (error: Error | null, answer: T) => void

/** The part of node-sqlite3's prepared statement in use. */
interface Statement {
  /** Unlike `get`, reads to the end, which leaves no read transaction open. */
  all(bind: Bind[], done: Done<StateRow[]>): void
  run(bind: Bind[], done: (this: { changes: number }, error: Error | null) => void): void
  finalize(): void
}

/** The part of node-sqlite3's connection in use. */
interface SqliteConnection {
  /** Calls back when nothing runs on this connection. A statement started in the callback runs alone. */
  wait(turn: (closed: Error | null) => void): void
  prepare(sql: string, done: (error: Error | null) => void): Statement
  close(...done: ((error: Error | null) => void)[]): void
}

/** Uses Sequelize's connection for statements outside transactions. */
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
 * Runs a statement while no other runs on its connection, not even one of the application's. Until a statement that failed
 * on a lock is reset, SQLite commits no other write on the connection, and rolls it back together with that statement.
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
        // Finalizing resets it before the next turn.
        statements.delete(sql)
        statement.finalize()
        reject(error)
      })
    })
  })
}

/** Prepares a statement. It has its own failure callback, because a statement that cannot be prepared never calls back. */
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

/** The statements of a connection. They are finalized when it closes, because SQLite refuses to close before. */
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
