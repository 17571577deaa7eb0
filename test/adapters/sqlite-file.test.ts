/** Several processes on one SQLite file wait for each other, and none waits for the disk at each write. */

import type { EventEmitter } from 'node:events'

import { QueryTypes } from 'sequelize'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { bareState, freshSubject } from '../../src/testing/contract-fixtures.js'
import { openSequelize, sqlDatabases, withSequelize, type Database } from '../support/databases.js'
import { startWorker } from '../support/processes.js'
import { until } from '../support/until.js'

const tableName = 'sf_file'
const [database] = (await sqlDatabases()) as [Database]

describe('an SQLite file', () => {
  const sequelize = openSequelize(database)
  const store = sequelizeStore({ sequelize, tableName })

  beforeAll(() => store.sync())
  afterAll(() => sequelize.close())

  const pragma = async (name: string, options: object = {}) => {
    const sql = `PRAGMA ${name}`
    const [row] = await sequelize.query<object>(sql, { type: QueryTypes.SELECT, ...options })
    return Object.values(row ?? {})[0] as unknown
  }

  test('is configured on every connection, including a transaction’s', async () => {
    const settings = async (options: object) => [
      await pragma('journal_mode', options),
      await pragma('synchronous', options),
      await pragma('busy_timeout', options),
    ]
    const tuned = ['wal', 1, 5_000]
    expect(await settings({})).toEqual(tuned)
    await sequelize.transaction(async (transaction) => {
      expect(await settings({ transaction })).toEqual(tuned)
    })
  })

  test('runs only the store’s own statements', async () => {
    // Sequelize sends some statements past its own log: only SQLite's trace has them all.
    const { connectionManager } = sequelize
    const connection = (await connectionManager.getConnection({ type: 'write' })) as EventEmitter
    const traced: string[] = []
    connection.on('trace', (sql: string) => traced.push(sql))
    const subject = freshSubject('traced')
    await store.read(subject)
    await store.compareAndSwap(subject, null, bareState(subject, 1))
    await store.compareAndSwap(subject, 1, bareState(subject, 2))
    const words = () => traced.map((sql) => sql.split(' ')[0])
    // SQLite's thread reports a statement whenever it likes, but each in its turn.
    await until(() => Promise.resolve(words().includes('UPDATE')))
    connection.removeAllListeners('trace')
    expect(words()).toEqual(['SELECT', 'INSERT', 'UPDATE'])
  })

  test('makes a write wait for another process’s lock, instead of failing', async () => {
    const address = { kind: 'sequelize', url: database.url, tableName }
    const worker = await startWorker({ job: 'holdLock', store: address })
    const locked = worker.nextReport()
    worker.go()
    await locked
    const subject = freshSubject('waiting')
    const swap = store.compareAndSwap(subject, null, bareState(subject, 1))
    // By the time another connection has answered three times, the swap has met the lock.
    await withSequelize(database, {}, async (other) => {
      for (let reads = 0; reads < 3; reads += 1) {
        const row = await sequelizeStore({ sequelize: other, tableName }).read(subject)
        expect(row).toBe(null)
      }
    })
    worker.process.send('let go')
    expect(await swap).toBe(true)
    await worker.result
  })

  test('can be opened by many processes at once, each with the write-ahead log', async () => {
    const fresh = { name: 'SQLite', url: `${database.url}-fresh` } as const
    const address = { kind: 'sequelize', url: fresh.url, tableName }
    await withSequelize(fresh, {}, (other) =>
      sequelizeStore({ sequelize: other, tableName }).sync(),
    )
    const workers = await Promise.all(
      Array.from({ length: 4 }, () =>
        startWorker({ job: 'rounds', store: address, subject: 'opened', times: 1 }),
      ),
    )
    for (const worker of workers) worker.go()
    for (const { result } of workers) expect(await result).toEqual({ 'code_incorrect, passed': 1 })
  })
})
