/** A timestamp is the same in every process, whatever its time zone. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { freshSubject, fullState } from '../../src/testing/contract-fixtures.js'
import { dropTables, openSequelize, sqlDatabases, withSequelize } from '../support/databases.js'
import { inProcess } from '../support/processes.js'

const tableName = 'sf_instants'

for (const database of await sqlDatabases()) {
  describe(`instants on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })
    // Sequelize takes no time zone for SQLite.
    const zoned = database.name === 'SQLite' ? {} : { timezone: '+05:45' }

    beforeAll(async () => {
      await dropTables(sequelize, tableName)
      await store.sync()
    })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    test('are the same in a process in Kathmandu', async () => {
      const subject = freshSubject('here')
      const written = fullState(freshSubject('there'), 1)
      await store.compareAndSwap(subject, null, fullState(subject, 1))
      const address = { kind: 'sequelize', url: database.url, tableName, options: zoned }
      const subjects = [subject, written.subject]
      const worker = await inProcess(
        { job: 'readAndWrite', store: address, subjects, written },
        { TZ: 'Asia/Kathmandu' },
      )
      expect(await worker.result).toEqual([fullState(subject, 1), written])
      expect(await store.read(written.subject)).toEqual(written)
    })

    test('keep the store contract in a process in Kathmandu', async () => {
      const address = { kind: 'sequelize', url: database.url, tableName, options: zoned }
      const job = { job: 'contract', store: address }
      const worker = await inProcess(job, { TZ: 'Asia/Kathmandu' })
      expect(await worker.result).toEqual([])
    })

    test('are the same in a Sequelize with its own time zone', () =>
      withSequelize(database, zoned, async (other) => {
        const there = sequelizeStore({ sequelize: other, tableName })
        const state = fullState(freshSubject('zone'), 1)
        await there.compareAndSwap(state.subject, null, state)
        expect(await store.read(state.subject)).toEqual(state)
        expect(await there.read(state.subject)).toEqual(state)
      }))
  })
}
