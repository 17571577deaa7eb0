/** Prepared statements on SQLite's single connection run in turn, lose nothing, and let it be closed. */

import { Sequelize, Transaction } from 'sequelize'
import { afterEach, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { bareState, freshSubject } from '../../src/testing/contract-fixtures.js'
import { openSequelize, sqlDatabases, type Database } from '../support/databases.js'

const tableName = 'sf_sqlite_runner'
const [database] = (await sqlDatabases()) as [Database]

/** An instance on the file, with the table made, closed after the test. */
async function opened(make = () => openSequelize(database)) {
  const sequelize = make()
  open.push(sequelize)
  const store = sequelizeStore({ sequelize, tableName })
  await store.sync()
  return { sequelize, store }
}

const open: Sequelize[] = []
afterEach(async () => {
  for (const sequelize of open.splice(0)) await sequelize.close()
})

describe('prepared statements on SQLite', () => {
  test('run in order', async () => {
    const { store } = await opened()
    const states = Array.from({ length: 100 }, (_, index) => bareState(freshSubject(`${index}`), 1))
    const reads = states.map((state) => {
      void store.compareAndSwap(state.subject, null, state)
      return store.read(state.subject)
    })
    expect(await Promise.all(reads)).toEqual(states)
  })

  test('that fail on a lock do not affect a later write', async () => {
    const { sequelize, store } = await opened()
    const reader = await opened()
    const state = bareState(freshSubject('kept'), 1)
    await store.compareAndSwap(state.subject, null, state)
    await sequelize.query('PRAGMA busy_timeout = 1')
    await reader.sequelize.transaction({ type: Transaction.TYPES.IMMEDIATE }, async () => {
      const other = bareState(freshSubject('locked out'), 1)
      const insert = store.compareAndSwap(other.subject, null, other)
      await expect(insert).rejects.toThrow(StoreUnavailableError)
    })
    expect(await store.compareAndSwap(state.subject, 1, { ...state, version: 2 })).toBe(true)
    expect((await reader.store.read(state.subject))?.version).toBe(2)
  })

  test('in memory share the single connection with the application', async () => {
    const { sequelize, store } = await opened(
      () => new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false }),
    )
    const state = bareState(freshSubject('memory'), 1)
    const swaps = Array.from({ length: 20 }, (_, index) => [
      store.compareAndSwap(state.subject, index === 0 ? null : index, {
        ...state,
        version: index + 1,
      }),
      sequelize.query('SELECT 1'),
    ])
    await Promise.all(swaps.flat())
    expect((await store.read(state.subject))?.version).toBe(20)
  })
})
