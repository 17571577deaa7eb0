/** Runs statements outside every transaction, and retries once if that is safe. */

import { Sequelize } from 'sequelize'

import type { Executor } from '../sql/executor.js'
import { faultOf, isDuplicate, isPassing, isUndone, isUnprepared } from '../sql/faults.js'
import { mysqlRunner } from './mysql-runner.js'
import { postgresRunner } from './postgres-runner.js'
import { sequelizeRunner, type Runner } from './runner.js'
import { sqliteRunner } from './sqlite-runner.js'

/** Direct to the driver, with prepared statements: `sequelize.query` takes about as long as the database itself. */
const driverRunners = new Map([
  ['sqlite', sqliteRunner],
  ['postgres', postgresRunner],
  ['mysql', mysqlRunner],
])

/**
 * Makes the executor. It uses callbacks instead of `await`, because Sequelize takes a stack trace of every statement, and
 * V8 would walk through every awaiting caller.
 */
export function executorOf(sequelize: Sequelize): Executor {
  const usual = sequelizeRunner(sequelize)
  let driver = driverRunners.get(sequelize.getDialect())?.(sequelize)
  const runner = () => (driver === undefined || isWatched(sequelize) ? usual : driver)

  const guarded = <T>(run: (runner: Runner) => Promise<T>): Promise<T> =>
    run(runner())
      .catch((error: unknown) => {
        // A pooler such as PgBouncer may run each statement on a different server connection.
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
    written: (sql, bind) =>
      guarded((by) =>
        by.rows(sql, bind).catch((error: unknown) => {
          if (isUndone(error)) return null
          throw error
        }),
      ).then((rows) => rows?.map(({ state }) => state) ?? null),
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
 * True if the application watches its statements through a log, hooks, or its own `query`; it should see these too. It is
 * checked for every statement, because the application may start to watch at any time.
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
