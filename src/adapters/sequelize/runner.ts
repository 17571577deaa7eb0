/** Runs a statement on one of Sequelize's connections, outside transactions. */

import { QueryTypes, type QueryOptions, type Sequelize } from 'sequelize'

import type { Bind } from '../sql/row-values.js'

/** A row that a statement returns: mostly the whole state as one JSON string. */
export interface StateRow {
  readonly state: string
}

/** Runs statements. Both methods reject with the error of Sequelize or the driver. */
export interface Runner {
  /** Returns the rows of a SELECT, or of a change that returns the rows it made. */
  rows(sql: string, bind: Bind[]): Promise<readonly StateRow[]>
  /** Returns the number of rows that a statement changed. */
  changes(sql: string, bind: Bind[]): Promise<number>
}

/**
 * The options of every statement, which override the application's defaults. `transaction: null` keeps it out of a
 * transaction that CLS would pass on, whose rollback must not erase a recorded failure. Sequelize's retries are off,
 * because the executor has its own.
 */
const options = {
  transaction: null,
  raw: true,
  plain: false,
  nest: false,
  retry: { max: 1 },
} satisfies QueryOptions

// A replica may lag behind, and would let in a grant that has just been revoked.
const reading = { ...options, type: QueryTypes.SELECT, useMaster: true } as const
const changing = { ...options, type: QueryTypes.BULKUPDATE } as const

/** Uses `sequelize.query`, on every database. */
export function sequelizeRunner(sequelize: Sequelize): Runner {
  return {
    rows: (sql, bind) => sequelize.query<StateRow>(sql, { ...reading, bind }),
    changes: (sql, bind) => sequelize.query(sql, { ...changing, bind }),
  }
}
