/** PostgreSQL named statements, behind poolers that do not keep them and on connections that do not respond. */

import { QueryTypes, type Sequelize } from 'sequelize'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { bareState, freshSubject } from '../../src/testing/contract-fixtures.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'

const tableName = 'sf_postgres_runner'
const database = (await sqlDatabases()).find(({ name }) => name === 'PostgreSQL')

describe.skipIf(database === undefined)('named statements', () => {
  const open: Sequelize[] = []

  /** An instance with one connection, and a store on it. */
  function opened(dialectOptions: object = {}) {
    if (database === undefined) throw new Error('skipped without PostgreSQL')
    const sequelize = openSequelize(database, { pool: { max: 1 }, dialectOptions })
    open.push(sequelize)
    return { sequelize, store: sequelizeStore({ sequelize, tableName }) }
  }

  const namesOf = async (sequelize: Sequelize) => {
    const rows = await sequelize.query<{ name: string }>(
      "SELECT name FROM pg_prepared_statements WHERE name LIKE 'second_factor_%'",
      { type: QueryTypes.SELECT },
    )
    return rows.map(({ name }) => name)
  }

  beforeAll(async () => {
    const { sequelize, store } = opened()
    await dropTables(sequelize, tableName)
    await store.sync()
  })
  afterEach(async () => {
    for (const sequelize of open.splice(0)) await sequelize.close()
  })
  afterAll(async () => {
    const { sequelize } = opened()
    await dropTables(sequelize, tableName)
    await sequelize.close()
  })

  test('that a pooler has lost are run unnamed', async () => {
    const { sequelize, store } = opened()
    const state = bareState(freshSubject('lost'), 1)
    await store.compareAndSwap(state.subject, null, state)
    await store.read(state.subject)
    // As another connection of the server's, which a pooler may hand out for the next statement.
    await sequelize.query('DEALLOCATE ALL')
    expect(await store.read(state.subject)).toEqual(state)
    expect(await store.compareAndSwap(state.subject, 1, { ...state, version: 2 })).toBe(true)
    expect(await namesOf(sequelize)).toEqual([])
  })

  test('that another process prepared on the same connection are run unnamed too', async () => {
    const first = opened()
    const state = bareState(freshSubject('shared'), 1)
    await first.store.compareAndSwap(state.subject, null, state)
    const [insert = ''] = await namesOf(first.sequelize)
    const second = opened()
    await second.sequelize.query(`PREPARE "${insert}" AS SELECT 1`)
    const other = bareState(freshSubject('shared'), 1)
    expect(await second.store.compareAndSwap(other.subject, null, other)).toBe(true)
    expect(await first.store.read(other.subject)).toEqual(other)
  })

  test('return no connection to the pool while one may still be running on it', async () => {
    const patient = opened()
    const state = bareState(freshSubject('hanging'), 1)
    await patient.store.compareAndSwap(state.subject, null, state)
    const { store } = opened({ query_timeout: 500 })
    await patient.sequelize.transaction(async (transaction) => {
      await patient.sequelize.query(`SELECT 1 FROM ${tableName} FOR UPDATE`, { transaction })
      const swap = store.compareAndSwap(state.subject, 1, { ...state, version: 2 })
      await expect(swap).rejects.toThrow(StoreUnavailableError)
      expect(await store.read(state.subject)).toEqual(state)
    })
  })
})
