/** The stores that several processes share, each as this process and as a worker opens it. */

import { afterAll } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { dropTables, openSequelize, sqlDatabases } from './databases.js'
import type { StoreAddress } from './processes.js'

export interface SharedStore {
  readonly name: string
  readonly store: StateStore
  /** How store-worker.mjs opens the same store. */
  readonly address: StoreAddress
}

/** Every shared store whose server answers, empty and ready. `tableName` is the test file's own. */
export async function sharedStores(tableName: string): Promise<readonly SharedStore[]> {
  return sqlStores(tableName)
}

async function sqlStores(tableName: string): Promise<readonly SharedStore[]> {
  const stores: SharedStore[] = []
  for (const database of await sqlDatabases()) {
    const sequelize = openSequelize(database)
    const store = sequelizeStore({ sequelize, tableName })
    await dropTables(sequelize, tableName)
    await store.sync()
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })
    const address = { kind: 'sequelize', url: database.url, tableName }
    stores.push({ name: database.name, store, address })
  }
  return stores
}
