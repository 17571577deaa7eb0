/** On PostgreSQL a login writes no index: every update is heap-only, which keeps the table small and vacuum idle. */

import { randomUUID } from 'node:crypto'

import { QueryTypes } from 'sequelize'
import { afterAll, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { dropTables, withSequelize, type Database } from '../support/databases.js'
import { openHeadless } from '../support/headless.js'
import { serviceUrl } from '../support/services.js'
import { until } from '../support/until.js'

const tableName = `second_factor_${randomUUID().slice(0, 8)}`
const url = await serviceUrl('PostgreSQL')
const database: Database = { name: 'PostgreSQL', url: url ?? '' }

afterAll(() => {
  if (url === null) return
  return withSequelize(database, {}, (sequelize) => dropTables(sequelize, tableName))
})

interface Updates {
  readonly all: string
  readonly heapOnly: string
}

test.skipIf(url === null)('ten logins of one person on one day write no index', async () => {
  await withSequelize(database, {}, async (sequelize) => {
    const store = sequelizeStore({ sequelize, tableName })
    await store.sync()
    const at = openHeadless({ store, policy: { standards: 'relaxed', sendsPerDay: 20 } })
    // The first hour of a day, so that no midnight comes in between.
    at.now = Math.ceil(at.now / 86_400_000) * 86_400_000
    for (let login = 0; login < 10; login += 1) {
      at.now += 60_000
      expect(await at.secondFactor.start(at.alice)).toMatchObject({ status: 'pending' })
      const passed = await at.secondFactor.verify(at.alice, at.codes().at(-1) ?? '')
      expect(passed.status).toBe('passed')
    }
  })
  // A connection reports what it has done when it closes, or a second later.
  const updates = () =>
    withSequelize(database, {}, async (sequelize) => {
      const [found] = await sequelize.query<Updates>(
        'SELECT n_tup_upd AS "all", n_tup_hot_upd AS "heapOnly" FROM pg_stat_user_tables ' +
          'WHERE relname = $1',
        { bind: [tableName], type: QueryTypes.SELECT },
      )
      return found
    })
  await until(async () => (await updates())?.all === '19')
  expect(await updates()).toEqual({ all: '19', heapOnly: '19' })
})
