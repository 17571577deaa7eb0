/** Runs the store's statements through Sequelize: outside every transaction, with one retry where it is safe. */

import { QueryTypes, type QueryOptions, type Sequelize } from 'sequelize'

import type { Bind } from './columns.js'
import { faultOf, isDuplicate, isPassing } from './faults.js'
import type { Row } from './rows.js'

export interface Executor {
  /** The first row, or `null`. */
  first(sql: string, bind: Bind[]): Promise<Row | null>
  /** How many rows changed. */
  change(sql: string, bind: Bind[]): Promise<number>
  /** Whether the row was inserted; `false` where one with its key is there. */
  insert(sql: string, bind: Bind[]): Promise<boolean>
}

/**
 * What every statement is run with, whatever the application set as its own defaults. `transaction: null` keeps it
 * out of a transaction that CLS would hand over: a rollback there must not erase a failure. Sequelize's own
 * retries are off, so that the bound is ours.
 */
const options = {
  transaction: null,
  raw: true,
  plain: false,
  nest: false,
  retry: { max: 1 },
} satisfies QueryOptions

/** Every method rejects with a `StoreUnavailableError` that repeats nothing of the statement's values. */
export function executorOf(sequelize: Sequelize): Executor {
  // A replica may lag behind, and a guess judged on an old row would be one too many.
  const reading = { ...options, type: QueryTypes.SELECT, useMaster: true } as const
  const changing = { ...options, type: QueryTypes.BULKUPDATE } as const
  return {
    first: (sql, bind) =>
      guarded(() => sequelize.query<Row>(sql, { ...reading, bind })).then(([row]) => row ?? null),
    change: (sql, bind) => guarded(() => sequelize.query(sql, { ...changing, bind })),
    insert: (sql, bind) =>
      guarded(() =>
        sequelize.query(sql, { ...changing, bind }).catch((error: unknown) => {
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
