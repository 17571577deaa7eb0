/** The second factor is independent of application transactions: a rollback erases no failure. */

import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'

import { QueryTypes, Sequelize } from 'sequelize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { freshSubject } from '../../src/testing/contract-fixtures.js'
import { wrongCode } from '../support/codes.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'
import { phoneFlows } from '../support/phone-in-process.js'
import { phoneOf, rowOf } from '../support/rows.js'

const tableName = 'sf_transactions'
const hostTable = 'sf_transactions_host'

/** The namespace that Sequelize asks for, as cls-hooked makes one. */
function namespace(): object {
  const storage = new AsyncLocalStorage<Map<string, unknown>>()
  return {
    get: (key: string) => storage.getStore()?.get(key),
    set: (key: string, value: unknown) => storage.getStore()?.set(key, value),
    run: (work: (context: object) => unknown) => storage.run(new Map(), work, {}),
    bind: (work: (...args: unknown[]) => unknown) => AsyncResource.bind(work),
  }
}

Sequelize.useCLS(namespace())

for (const database of await sqlDatabases()) {
  describe(`a rolled back transaction on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })

    beforeAll(async () => {
      await dropTables(sequelize, tableName, hostTable)
      await store.sync()
      await sequelize.query(`CREATE TABLE ${hostTable} (id INTEGER)`)
    })
    afterAll(async () => {
      await dropTables(sequelize, tableName, hostTable)
      await sequelize.close()
    })

    const hostRows = () =>
      sequelize.query(`SELECT id FROM ${hostTable}`, { type: QueryTypes.SELECT, transaction: null })

    test('undoes the application’s writes, through CLS, and keeps the failure and the message counted', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('rollback')
      const work = sequelize.transaction(async () => {
        await flows.start(subject)
        await flows.guess(subject, wrongCode(flows.sent[0] ?? ''))
        // Without a transaction of its own: CLS hands it the surrounding one.
        await sequelize.query(`INSERT INTO ${hostTable} (id) VALUES (1)`)
        throw new Error('rolled back')
      })
      await expect(work).rejects.toThrow('rolled back')
      expect(await hostRows()).toEqual([])
      const row = await rowOf(store, subject)
      expect(row.failures).toBe(1)
      expect(phoneOf(row)).toMatchObject({ challenge: { attempts: 1 }, sends: { count: 1 } })
    })

    test('sees the failure at once from within', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('within')
      await flows.start(subject)
      await sequelize.transaction(async () => {
        await flows.guess(subject, wrongCode(flows.sent[0] ?? ''))
        expect((await rowOf(store, subject)).failures).toBe(1)
      })
    })

    // SQLite has one writer: there a transaction that has written keeps the store waiting until it ends.
    test.skipIf(database.name === 'SQLite')(
      'that wrote before the guess undoes nothing of it',
      async () => {
        const flows = phoneFlows(store)
        const subject = freshSubject('wrote before')
        await flows.start(subject)
        const work = sequelize.transaction(async () => {
          await sequelize.query(`INSERT INTO ${hostTable} (id) VALUES (2)`)
          await flows.guess(subject, wrongCode(flows.sent[0] ?? ''))
          throw new Error('rolled back')
        })
        await expect(work).rejects.toThrow('rolled back')
        expect(await hostRows()).toEqual([])
        expect((await rowOf(store, subject)).failures).toBe(1)
      },
    )
  })
}
