/** User ids at the maximum length: the two checks agree. */

import { afterAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { newSubject } from '../../src/core/state.js'
import { toSubject } from '../../src/core/subject.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'

const tableName = 'sf_ids'

for (const database of await sqlDatabases()) {
  describe(`on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    test.each([
      ['200 letters', 'a'.repeat(200)],
      ['200 letters of three bytes', 'ह'.repeat(200)],
      ['101 characters beyond 16 bits', '😀'.repeat(101)],
      ['200 characters beyond 16 bits', '𐍈'.repeat(200)],
      ['100 characters with a mark each', 'e\u0301'.repeat(100)],
    ])('an id of %s is accepted and has a row', async (_what, id) => {
      const subject = toSubject(id)
      await store.sync()
      const row = newSubject(subject, 1, 0)
      expect(await store.compareAndSwap(subject, null, row)).toBe(true)
      expect(await store.compareAndSwap(subject, 1, { ...row, version: 2 })).toBe(true)
      expect(await store.read(subject)).toEqual({ ...row, version: 2 })
      await store.delete(subject)
      expect(await store.read(subject)).toBeNull()
    })

    test.each(['a', '😀'])('an id of 201 times %s is refused by both checks', async (character) => {
      const id = character.repeat(201)
      expect(() => toSubject(id)).toThrow('1 to 200 characters')
      await expect(store.read(id)).rejects.toBeInstanceOf(StoreUnavailableError)
    })
  })
}
