/** The stores that the benchmarks compare: in memory, on a scratch SQLite file, and on the available servers. */

import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { join } from 'node:path'

import { createClient } from 'redis'
import { Sequelize } from 'sequelize'

import { redisStore } from '../../dist/adapters/redis/index.js'
import { sequelizeStore } from '../../dist/adapters/sequelize/index.js'
import { memoryStore } from '../../dist/index.js'
import { openSqlite } from './second-factor.mjs'

const servers = {
  PostgreSQL: { variable: 'TEST_POSTGRES_URL', usual: 'postgres://postgres@127.0.0.1:5432/test' },
  MariaDB: { variable: 'TEST_MARIADB_URL', usual: 'mysql://root@127.0.0.1:3306/test' },
  Redis: { variable: 'TEST_REDIS_URL', usual: 'redis://127.0.0.1:6379' },
}

const usualPorts = { 'postgres:': 5432, 'mysql:': 3306, 'redis:': 6379 }

/** The server's URL, or `null` where nothing answers there. */
export async function serverUrl(name) {
  const { variable, usual } = servers[name]
  const url = process.env[variable] ?? usual
  const { hostname, port, protocol } = new URL(url)
  return (await answers(hostname, Number(port || usualPorts[protocol]))) ? url : null
}

/** Connections of a pool. */
export const poolSize = 10

/** A table of this run's own on a server, dropped when it is closed. */
export async function openServer(url) {
  const sequelize = new Sequelize(url, { logging: false, pool: { max: poolSize } })
  const tableName = `bench_${randomBytes(6).toString('hex')}`
  const store = sequelizeStore({ sequelize, tableName })
  await store.sync()
  return {
    ...{ sequelize, store, tableName },
    async close() {
      for (const table of [tableName, `${tableName}_codes`, `${tableName}_sessions`]) {
        await sequelize.query(`DROP TABLE IF EXISTS ${table}`)
      }
      await sequelize.close()
    },
  }
}

/** Keys of this run's own, deleted when it is closed. */
export async function openRedis(url) {
  const client = createClient({ url })
  await client.connect()
  const keyPrefix = `bench:${randomBytes(6).toString('hex')}:`
  const sendCommand = (_key, args) => client.sendCommand([...args])
  return {
    ...{ client, keyPrefix, store: redisStore({ sendCommand, keyPrefix, acceptEviction: true }) },
    async close() {
      for await (const keys of client.scanIterator({ MATCH: `${keyPrefix}*`, COUNT: 1_000 })) {
        if (keys.length > 0) await client.unlink(keys)
      }
      await client.close()
    },
  }
}

/** Every kind of store that can be had, by name: how to open one with nothing in it. */
export async function stores(folder) {
  let files = 0
  const kinds = {
    memory: () => ({ store: memoryStore(), close: () => undefined }),
    SQLite: () => openSqlite(join(folder, `${(files += 1)}.sqlite`)),
  }
  for (const [name, open] of [
    ['PostgreSQL', openServer],
    ['MariaDB', openServer],
    ['Redis', openRedis],
  ]) {
    const url = await serverUrl(name)
    if (url !== null) kinds[name] = () => open(url)
  }
  return kinds
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 })
    const settle = (answered) => {
      socket.destroy()
      resolve(answered)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('timeout', () => settle(false))
  })
}

/** Bytes that the store holds, its index included. */
export async function storedBytes(name, { sequelize, client, keyPrefix, tableName }) {
  switch (name) {
    case 'SQLite':
      return count(
        sequelize,
        'SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size',
      )
    case 'PostgreSQL':
      return count(sequelize, `SELECT pg_total_relation_size('${tableName}') AS n`)
    case 'MariaDB':
      await sequelize.query(`ANALYZE TABLE ${tableName}`)
      return count(
        sequelize,
        `SELECT data_length + index_length AS n FROM information_schema.tables WHERE table_name = '${tableName}'`,
      )
    case 'Redis': {
      let bytes = 0
      for await (const keys of client.scanIterator({ MATCH: `${keyPrefix}*`, COUNT: 1_000 })) {
        for (const size of await Promise.all(keys.map((key) => client.memoryUsage(key))))
          bytes += size
      }
      return bytes
    }
    default:
      return 0
  }
}

async function count(sequelize, sql) {
  const [[{ n }]] = await sequelize.query(sql)
  return Number(n)
}
