/** Measures whether a verification costs more in a large table. */

import { join } from 'node:path'

import { columns } from '../../dist/adapters/sql/columns.js'
import { each, medians, ratio, tiny } from './measure.mjs'
import { expect, openSqlite, headlessCalls, scratch, userAt } from './second-factor.mjs'
import { openServer, serverUrl } from './services.mjs'

const sizes = tiny
  ? { '1 k': 1_000 }
  : { '1 k': 1_000, '100 k': 100_000, '1 M': 1_000_000, '5 M': 5_000_000 }
const verifications = 400

export async function* rows() {
  const { folder, remove } = scratch()
  try {
    yield* growth('SQLite', (size) => openSqlite(join(folder, `${size}.sqlite`)))
    const url = await serverUrl('PostgreSQL')
    if (url !== null) yield* growth('PostgreSQL', () => openServer(url))
  } finally {
    remove()
  }
}

async function* growth(database, open) {
  const opened = []
  try {
    const candidates = {}
    for (const [name, size] of Object.entries(sizes)) {
      const table = await open(size)
      opened.push(table.close)
      await fill(table, size)
      candidates[name] = verificationsOn(headlessCalls(table.store), size)
    }
    const seconds = await medians(candidates, 9)
    for (const [name, taken] of Object.entries(seconds)) {
      yield `${database}: a verification among ${name} rows ${each(verifications, taken)}, against 1 k rows ${ratio(taken / seconds['1 k'])}`
    }
  } finally {
    for (const close of opened) await close()
  }
}

/** Rows of users who passed once: the package makes one, and SQL copies it. */
async function fill({ sequelize, store, tableName }, size) {
  const { start, verify } = headlessCalls(store)
  const model = userAt(0)
  expect('passed', await verify(model, await start(model)))
  const others = columns.map(({ column }) => column).join(', ')
  await sequelize.query(
    `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${size - 1}) ` +
      `INSERT INTO ${tableName} (subject, ${others}) ` +
      `SELECT 'user-' || n, ${others} FROM numbers, ${tableName} WHERE subject = '${model.id}'`,
  )
  await sequelize.query(
    sequelize.getDialect() === 'postgres' ? `VACUUM ANALYZE ${tableName}` : 'ANALYZE',
  )
}

/** Right codes of users all over the table; sending them is not timed. */
function verificationsOn({ start, verify }, size) {
  let next = 0
  return {
    async prepare() {
      const typed = []
      for (let index = 0; index < verifications; index += 1) {
        const user = userAt((next += 7_919) % size)
        typed.push({ user, code: await start(user) })
      }
      return typed
    },
    async run(typed) {
      for (const { user, code } of typed) expect('passed', await verify(user, code))
    },
  }
}
