/** What ten thousand live challenges cost: in this process, and where they are kept. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { inLanes, tiny } from './measure.mjs'
import { headlessCalls, scratch, userAt } from './second-factor.mjs'
import { stores } from './services.mjs'

const challenges = tiny ? 200 : 10_000
const atOnce = 8

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

export async function* memory() {
  const { folder, remove } = scratch()
  try {
    for (const [name, open] of Object.entries(await stores(folder))) {
      const opened = await open()
      const calls = headlessCalls(opened.store)
      // What the first challenges load and compile stays, however many follow.
      await inLanes(500, atOnce, (index) => calls.start(userAt(challenges + index)))
      const heapBefore = heap()
      const keptBefore = await kept(name, opened)
      const cpuBefore = process.cpuUsage()
      await inLanes(challenges, atOnce, (index) => calls.start(userAt(index)))
      const { user, system } = process.cpuUsage(cpuBefore)
      const grown = heap() - heapBefore
      const stored = (await kept(name, opened)) - keptBefore
      const where = name === 'memory' ? '' : `, ${megabytes(stored)} in the store`
      yield `${name}: ${megabytes(grown)} of heap${where}, ${((user + system) / 1e6).toFixed(2)} s of CPU in this process`
      await opened.close()
    }
  } finally {
    remove()
  }
}

function heap() {
  collect()
  return process.memoryUsage().heapUsed
}

function megabytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MB`
}

/** Bytes that the store holds, its index included. */
async function kept(name, { sequelize, client, keyPrefix, tableName }) {
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
