/** The stores that several processes share, as opened by this process and by a worker. */

import { randomUUID } from 'node:crypto'

import { createClient } from 'redis'
import { afterAll } from 'vitest'

import { redisStore } from '../../src/adapters/redis/index.js'
import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { dropTables, openSequelize, sqlDatabases } from './databases.js'
import type { StoreAddress } from './processes.js'
import { serviceUrl } from './services.js'

export interface SharedStore {
  readonly name: string
  readonly store: StateStore
  /** Has store-worker.mjs open the same store. */
  readonly address: StoreAddress
}

/** Every shared store whose server answers, ready. `name` keeps the test file's rows apart from all others. */
export async function sharedStores(name: string): Promise<readonly SharedStore[]> {
  return [...(await sqlStores(name)), ...(await redisStores(name))]
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

async function redisStores(name: string): Promise<readonly SharedStore[]> {
  const url = await serviceUrl('Redis')
  if (url === null) return []
  const keyPrefix = `${name}:${randomUUID()}:`
  const client = await createClient({ url }).connect()
  afterAll(async () => {
    for await (const keys of client.scanIterator({ MATCH: `${keyPrefix}*`, COUNT: 1_000 })) {
      if (keys.length > 0) await client.del(keys)
    }
    client.destroy()
  })
  const store = redisStore({ sendCommand: (_key, args) => client.sendCommand(args), keyPrefix })
  return [{ name: 'Redis', store, address: { kind: 'redis', url, keyPrefix } }]
}
