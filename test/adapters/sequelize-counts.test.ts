/** Counts in an SQL database: watched statements, a missing table, transactions, and MySQL, which lacks RETURNING. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { countStatements } from '../../src/adapters/sql/count-statements.js'
import { taker } from '../../src/adapters/sql/count-taker.js'
import { dialectOf } from '../../src/adapters/sequelize/instance.js'
import { executorOf } from '../../src/adapters/sequelize/executor.js'
import { sequelizeCounts } from '../../src/adapters/sequelize/index.js'
import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import { newId } from '../../src/core/random.js'
import type { CountWindows, Take } from '../../src/ports/count-store.js'
import { countContract } from '../../src/testing/index.js'
import { inParallel } from '../../src/testing/contract-fixtures.js'
import { dropTables, openSequelize, sqlDatabases, withSequelize } from '../support/databases.js'

const tableName = 'sf_sql_counts'
const at: CountWindows = { now: 100, beside: null, hour: 94, day: 0, week: 0 }

function take(counter: string, room: number | null): Take {
  return { counter, bucket: at.now, units: 1, room, isHold: false, keepUntil: 300 }
}

for (const database of await sqlDatabases()) {
  describe(`counts on ${database.name}`, () => {
    const sequelize = openSequelize(database)
    const counts = sequelizeCounts({ sequelize, tableName })

    beforeAll(async () => {
      await dropTables(sequelize, tableName)
      await counts.sync()
    })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    describe('in an application that hooks its statements', () => {
      const watched = openSequelize(database, { logging: () => undefined })
      const seen = sequelizeCounts({ sequelize: watched, tableName })
      afterAll(() => watched.close())

      for (const { title, run } of countContract(() => Promise.resolve({ counts: seen }))) {
        test(title, run)
      }
    })

    test('report missing migrations if the table is missing', async () => {
      const absent = sequelizeCounts({ sequelize, tableName: 'sf_no_such_counts' })
      for (const call of [absent.sums(['n:1'], at), absent.take([take('n:1', 1)])]) {
        const error: unknown = await call.catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(StoreUnavailableError)
        expect(String(error)).toContain('run the migrations')
      }
    })

    test.skipIf(database.name === 'SQLite')(
      'survive the rollback of an application transaction',
      async () => {
        const counter = `n:${newId()}`
        await withSequelize(database, {}, async (own) => {
          const inside = sequelizeCounts({ sequelize: own, tableName })
          const transaction = await own.transaction()
          await inside.take([take(counter, 5)])
          await transaction.rollback()
        })
        expect((await counts.sums([counter], at)).get(counter)?.now).toBe(1)
      },
    )

    test('taken 32 at once on overlapping sets of counters cause no deadlock', async () => {
      const names = Array.from({ length: 8 }, (_none, index) => `${index}:${newId()}`)
      const answers = await inParallel(320, (n) => {
        const own = names.filter((_name, index) => (n * 7 + index * 3) % 5 < 3)
        return counts.take(own.map((counter) => take(counter, null)))
      })
      expect(answers.flat()).toEqual([])
    })

    test('are removed in batches', async () => {
      const old = Array.from({ length: 700 }, (_none, index) => ({
        ...{ counter: `n:${newId()}`, bucket: index, units: 1, keepUntil: 10 },
      }))
      for (let n = 0; n < old.length; n += 100) await counts.add(old.slice(n, n + 100))
      expect(await counts.prune(10)).toBe(500)
      expect(await counts.prune(10)).toBe(200)
      expect(await counts.prune(10)).toBe(0)
    })

    test.runIf(database.name === 'MariaDB')(
      'are as exact on MySQL, row by row in order, stopping at a full one',
      async () => {
        const dialect = dialectOf(sequelize)
        const sql = countStatements(dialect, `\`${tableName}\``)
        const executor = executorOf(sequelize)
        const mysql: typeof executor = {
          ...executor,
          all: (text, bind) =>
            text.startsWith('SELECT VERSION')
              ? Promise.resolve(['8.0.36'])
              : executor.all(text, bind),
        }
        const takeRows = taker(mysql, sql, dialect)
        const [shared, last] = [`a:${newId()}`, `b:${newId()}`]
        const answers = await inParallel(64, () => takeRows([take(shared, 20), take(last, null)]))
        expect(answers.filter(({ taken }) => taken.length === 2)).toHaveLength(20)
        expect(
          answers.filter(({ taken, full }) => taken.length === 0 && full.length === 1),
        ).toHaveLength(44)
        const sums = await counts.sums([shared, last], at)
        expect([sums.get(shared)?.now, sums.get(last)?.now]).toEqual([20, 20])
      },
    )
  })
}

test('refuse unusable options', async () => {
  const [database] = await sqlDatabases()
  if (database === undefined) return
  await withSequelize(database, {}, (sequelize) => {
    expect(() => sequelizeCounts({ sequelize, tableName: 'a b' })).toThrow(ConfigurationError)
    expect(() => sequelizeCounts({ sequelize, table: 'x' } as never)).toThrow(ConfigurationError)
    expect(() => sequelizeCounts({} as never)).toThrow('sequelizeCounts({ sequelize })')
    return Promise.resolve()
  })
})
