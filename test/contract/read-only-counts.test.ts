/** When the counts can be read but not written, as on a replica, new phones are refused and sign-ins are not. */

import type { Options } from 'sequelize'
import { createClient } from 'redis'
import { afterAll, expect, test } from 'vitest'

import { redisCounts } from '../../src/adapters/redis/index.js'
import { sequelizeCounts } from '../../src/adapters/sequelize/index.js'
import type { CountStore } from '../../src/ports/count-store.js'
import { dropTables, openSequelize, sqlDatabases, type Database } from '../support/databases.js'
import { openLimited } from '../support/limited-rig.js'
import { hasOwnServer, startOwnServer } from '../support/own-servers.js'

const known = { purpose: 'sign-in', phoneClass: 'known' } as const

/** Opens read-only connections to each database. */
const readOnly: Readonly<Record<Database['name'], Options>> = {
  SQLite: { dialectOptions: { mode: 1 } },
  PostgreSQL: { dialectOptions: { options: '-c default_transaction_read_only=on' } },
  MariaDB: {
    hooks: {
      afterConnect: (connection) =>
        new Promise<void>((resolve, reject) => {
          const { query } = connection as {
            query: (sql: string, done: (e: unknown) => void) => void
          }
          query.call(connection, 'SET SESSION TRANSACTION READ ONLY', (error) => {
            if (error === null) resolve()
            else reject(new Error('the session cannot be made to read only'))
          })
        }),
    },
  },
}

async function expectHeld(counts: CountStore): Promise<void> {
  const rig = openLimited({ counts })
  expect(await rig.send()).toBe('delivery_unavailable')
  expect(await rig.send(known)).toBe('sent')
  expect(await rig.send({ purpose: 'sign-in', phoneClass: 'stated' })).toBe('sent')
  expect(rig.messages).toHaveLength(2)
  expect(rig.events).toContainEqual(
    expect.objectContaining({ type: 'fault', code: 'limits_unavailable' }),
  )
}

for (const database of await sqlDatabases()) {
  test(`on ${database.name}`, async () => {
    const tableName = 'sf_read_only_counts'
    const writable = openSequelize(database)
    await dropTables(writable, tableName)
    await sequelizeCounts({ sequelize: writable, tableName }).sync()
    const replica = openSequelize(database, readOnly[database.name])
    afterAll(async () => {
      await replica.close()
      await dropTables(writable, tableName)
      await writable.close()
    })
    const counts = sequelizeCounts({ sequelize: replica, tableName })
    expect(await counts.series(['~~'], 0)).toEqual([])
    await expectHeld(counts)
  })
}

test.skipIf(!hasOwnServer('Redis'))('on a Redis that has become a replica', async () => {
  const server = await startOwnServer('Redis')
  const client = createClient({ url: server.url })
  try {
    await client.connect()
    const counts = redisCounts({ sendCommand: (_key, args) => client.sendCommand(args) })
    await counts.add([{ counter: '~~', bucket: 5, units: 1, keepUntil: 500 }])
    await client.sendCommand(['REPLICAOF', '127.0.0.1', '1'])
    expect(await counts.series(['~~'], 0)).toHaveLength(1)
    await expectHeld(counts)
  } finally {
    client.destroy()
    await server.close()
  }
})
