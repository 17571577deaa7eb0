/** Runs the store's statements: outside every transaction, with one retry where it is safe. */

import { Sequelize } from 'sequelize'

import type { Executor } from '../sql/executor.js'
import { faultOf, isDuplicate, isPassing, isUnprepared } from '../sql/faults.js'
import { mysqlRunner } from './mysql-runner.js'
import { postgresRunner } from './postgres-runner.js'
import { sequelizeRunner, type Runner } from './runner.js'
import { sqliteRunner } from './sqlite-runner.js'

/** Straight to the driver, with prepared statements: `sequelize.query` works about as long as the database does. */
const driverRunners = new Map([
  ['sqlite', sqliteRunner],
  ['postgres', postgresRunner],
  ['mysql', mysqlRunner],
])

/**
 * Callbacks instead of `await`: Sequelize takes a stack trace of every statement, and V8 would follow each awaiting
 * caller.
 */
export function executorOf(sequelize: Sequelize): Executor {
  const usual = sequelizeRunner(sequelize)
  let driver = driverRunners.get(sequelize.getDialect())?.(sequelize)
  const runner = () => (driver === undefined || isWatched(sequelize) ? usual : driver)

  const guarded = <T>(run: (runner: Runner) => Promise<T>): Promise<T> =>
    run(runner())
      .catch((error: unknown) => {
        // A pooler, such as PgBouncer, may give each statement another of the server's connections.
        if (isUnprepared(error)) driver = undefined
        else if (!isPassing(error)) throw error
        return run(runner())
      })
      .catch((error: unknown) => {
        throw faultOf(error)
      })

  return {
    all: (sql, bind) =>
      guarded((by) => by.rows(sql, bind)).then((rows) => rows.map(({ state }) => state)),
    first: (sql, bind) => guarded((by) => by.rows(sql, bind)).then(([row]) => row?.state ?? null),
    change: (sql, bind) => guarded((by) => by.changes(sql, bind)),
    insert: (sql, bind) =>
      guarded((by) =>
        by.changes(sql, bind).catch((error: unknown) => {
          if (isDuplicate(error)) return 0
          throw error
        }),
      ).then((inserted) => inserted === 1),
  }
}

/**
 * Whether the application watches its statements, by a log, by hooks, or by a `query` of its own: then it goes on
 * seeing these too. Asked at each, for it may begin to watch at any time.
 */
function isWatched(sequelize: Sequelize): boolean {
  const { logging } = Reflect.get(sequelize, 'options') as { logging?: unknown }
  return (
    Boolean(logging) ||
    sequelize.hasHook('beforeQuery') ||
    sequelize.hasHook('afterQuery') ||
    Reflect.get(sequelize, 'query') !== Sequelize.prototype.query
  )
}
