/** The counts that the tests run on: SQLite, PostgreSQL, MariaDB and Redis if they are available, and memory. */

import { randomUUID } from 'node:crypto'

import { createClient } from 'redis'
import { afterAll } from 'vitest'

import { memoryCounts } from '../../src/adapters/memory/memory-counts.js'
import { redisCounts } from '../../src/adapters/redis/index.js'
import { sequelizeCounts } from '../../src/adapters/sequelize/index.js'
import type { CountStore } from '../../src/ports/count-store.js'
import { dropTables, openSequelize, sqlDatabases } from './databases.js'
import type { StoreAddress } from './processes.js'
import { serviceUrl } from './services.js'

export interface SharedCounts {
  readonly name: string
  readonly counts: CountStore
  /** Has counts-worker.mjs open the same counts. */
  readonly address: StoreAddress
}

/** Counts that several processes share. `name` keeps the test file's own apart from all others. */
export async function sharedCounts(name: string): Promise<readonly SharedCounts[]> {
  return [...(await sqlCounts(name)), ...(await inRedis(name))]
}

/** The same, and counts in memory. */
export async function allCounts(name: string): Promise<readonly Omit<SharedCounts, 'address'>[]> {
  return [{ name: 'memory', counts: memoryCounts() }, ...(await sharedCounts(name))]
}

async function sqlCounts(tableName: string): Promise<readonly SharedCounts[]> {
  const found: SharedCounts[] = []
  for (const database of await sqlDatabases()) {
    const sequelize = openSequelize(database)
    const counts = sequelizeCounts({ sequelize, tableName })
    await dropTables(sequelize, tableName)
    await counts.sync()
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })
    const address = { kind: 'sequelize', url: database.url, tableName }
    found.push({ name: database.name, counts, address })
  }
  return found
}

async function inRedis(name: string): Promise<readonly SharedCounts[]> {
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
  const counts = redisCounts({ sendCommand: (_key, args) => client.sendCommand(args), keyPrefix })
  return [{ name: 'Redis', counts, address: { kind: 'redis', url, keyPrefix } }]
}
