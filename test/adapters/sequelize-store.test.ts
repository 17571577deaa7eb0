/** The Sequelize store keeps the store contract on each database. */

import { afterAll, beforeAll, describe, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { storeContract } from '../../src/testing/index.js'
import { dropTables, openSequelize, sqlDatabases } from '../support/databases.js'

const tableName = 'sf_contract'

for (const database of await sqlDatabases()) {
  describe(`the Sequelize store on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })

    beforeAll(async () => {
      await dropTables(sequelize, tableName)
      await store.sync()
    })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    for (const { title, run } of storeContract(() => Promise.resolve({ store }))) test(title, run)
  })
}
