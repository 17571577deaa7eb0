/** Takes a statement to the database, on a connection of Sequelize's that no transaction uses. */

import { QueryTypes, type QueryOptions, type Sequelize } from 'sequelize'

import type { Bind } from '../sql/row-values.js'

/** A row of `Statements.read`: the whole state as one JSON text. */
export interface StateRow {
  readonly state: string
}

/** Both methods reject with whatever Sequelize or the driver throws. */
export interface Runner {
  /** The rows of a SELECT. */
  rows(sql: string, bind: Bind[]): Promise<readonly StateRow[]>
  /** How many rows a statement changed. */
  changes(sql: string, bind: Bind[]): Promise<number>
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

// A replica may lag behind, and a guess judged on an old row would be one too many.
const reading = { ...options, type: QueryTypes.SELECT, useMaster: true } as const
const changing = { ...options, type: QueryTypes.BULKUPDATE } as const

/** Sequelize's own way, on every database. */
export function sequelizeRunner(sequelize: Sequelize): Runner {
  return {
    rows: (sql, bind) => sequelize.query<StateRow>(sql, { ...reading, bind }),
    changes: (sql, bind) => sequelize.query(sql, { ...changing, bind }),
  }
}
