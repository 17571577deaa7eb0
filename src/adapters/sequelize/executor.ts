/** Runs the store's statements: outside every transaction, with one retry where it is safe. */

import type { Sequelize } from 'sequelize'

import type { Bind } from './columns.js'
import { faultOf, isDuplicate, isPassing } from './faults.js'
import { sequelizeRunner } from './runner.js'
import { sqliteRunner } from './sqlite-runner.js'

export interface Executor {
  /** The state in the first row, or `null` where there is none. */
  first(sql: string, bind: Bind[]): Promise<string | null>
  /** How many rows changed. */
  change(sql: string, bind: Bind[]): Promise<number>
  /** Whether the row was inserted; `false` where one with its key is there. */
  insert(sql: string, bind: Bind[]): Promise<boolean>
}

/** Every method rejects with a `StoreUnavailableError` that repeats nothing of the statement's values. */
export function executorOf(sequelize: Sequelize): Executor {
  const usual = sequelizeRunner(sequelize)
  const runner = sequelize.getDialect() === 'sqlite' ? sqliteRunner(sequelize, usual) : usual
  return {
    first: (sql, bind) => guarded(() => runner.rows(sql, bind)).then(([row]) => row?.state ?? null),
    change: (sql, bind) => guarded(() => runner.changes(sql, bind)),
    insert: (sql, bind) =>
      guarded(() =>
        runner.changes(sql, bind).catch((error: unknown) => {
          if (isDuplicate(error)) return 0
          throw error
        }),
      ).then((inserted) => inserted === 1),
  }
}

/**
 * Callbacks instead of `await`: Sequelize takes a stack trace of every statement, and V8 would follow each
 * awaiting caller for it.
 */
function guarded<T>(run: () => Promise<T>): Promise<T> {
  return run()
    .catch((error: unknown) => {
      if (isPassing(error)) return run()
      throw error
    })
    .catch((error: unknown) => {
      throw faultOf(error)
    })
}
