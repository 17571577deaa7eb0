/** On SQLite the store goes past Sequelize's own way of running a statement, but never past an application that watches. */

import { Sequelize } from 'sequelize'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { bareState, freshSubject } from '../../src/testing/contract-fixtures.js'
import { openSequelize, sqlDatabases } from '../support/databases.js'

const tableName = 'sf_runner'
const [database] = await sqlDatabases()

/** An instance on the file, with the table made, closed after the test. */
async function opened(): Promise<Sequelize> {
  if (database === undefined) throw new Error('there is always SQLite')
  const sequelize = openSequelize(database)
  open.push(sequelize)
  await sequelizeStore({ sequelize, tableName }).sync()
  return sequelize
}

const open: Sequelize[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const sequelize of open.splice(0)) await sequelize.close()
})

/** A read, a first write and a second one. */
async function threeStatements(sequelize: Sequelize): Promise<void> {
  const store = sequelizeStore({ sequelize, tableName })
  const state = bareState(freshSubject('watched'), 1)
  expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
  expect(await store.compareAndSwap(state.subject, 1, { ...state, version: 2 })).toBe(true)
  expect(await store.read(state.subject)).toEqual({ ...state, version: 2 })
}

const verbs = (statements: readonly string[]) =>
  statements.map((sql) => /INSERT|UPDATE|SELECT/.exec(sql)?.[0])

describe('statements on SQLite', () => {
  test('go to the driver, where nobody watches', async () => {
    const sequelize = await opened()
    const query = vi.spyOn(Sequelize.prototype, 'query')
    await threeStatements(sequelize)
    expect(query).not.toHaveBeenCalled()
  })

  test('are in the log of an application that has one', async () => {
    const sequelize = await opened()
    const logged: string[] = []
    Object.assign(Reflect.get(sequelize, 'options') as object, {
      logging: (line: string) => logged.push(line),
    })
    await threeStatements(sequelize)
    expect(verbs(logged)).toEqual(['INSERT', 'UPDATE', 'SELECT'])
  })

  test.each(['beforeQuery', 'afterQuery'] as const)('meet the %s hooks', async (hook) => {
    const sequelize = await opened()
    let met = 0
    sequelize.addHook(hook, () => {
      met += 1
    })
    await threeStatements(sequelize)
    expect(met).toBe(3)
  })

  test('pass through a query method that the application has wrapped', async () => {
    const sequelize = await opened()
    const query = vi.spyOn(sequelize, 'query')
    await threeStatements(sequelize)
    expect(query).toHaveBeenCalledTimes(3)
  })

  test('run in the order in which they were asked for', async () => {
    const sequelize = await opened()
    const store = sequelizeStore({ sequelize, tableName })
    const states = Array.from({ length: 100 }, (_, index) => bareState(freshSubject(`${index}`), 1))
    const reads = states.map((state) => {
      void store.compareAndSwap(state.subject, null, state)
      return store.read(state.subject)
    })
    expect(await Promise.all(reads)).toEqual(states)
  })

  test('of a closed instance are a fault', async () => {
    const sequelize = await opened()
    const store = sequelizeStore({ sequelize, tableName })
    open.splice(0)
    await sequelize.close()
    await expect(store.read(freshSubject('closed'))).rejects.toThrow(StoreUnavailableError)
  })
})
