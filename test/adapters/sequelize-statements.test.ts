/** The Sequelize store sends only the statements it needs. */

import { Sequelize } from 'sequelize'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { sequelizeStore } from '../../src/adapters/sequelize/index.js'
import { ConfigurationError } from '../../src/index.js'
import { bareState, freshSubject, fullState } from '../../src/testing/contract-fixtures.js'
import { wrongCode } from '../support/codes.js'
import { dropTables, openSequelize, sqlDatabases, withSequelize } from '../support/databases.js'
import { phoneFlows } from '../support/phone-in-process.js'

const tableName = 'sf_statements'

const databases = await sqlDatabases()

for (const database of databases) {
  describe(`statements on ${database.name}`, () => {
    let logged: string[] = []
    const sequelize = openSequelize(database, { logging: (line) => logged.push(line) })
    const store = sequelizeStore({ sequelize, tableName })
    const kinds = () => logged.map((line) => /: (\w+)/.exec(line)?.[1])

    beforeAll(async () => {
      await dropTables(sequelize, tableName)
      await store.sync()
    })
    beforeEach(() => {
      logged = []
    })
    afterAll(async () => {
      await dropTables(sequelize, tableName)
      await sequelize.close()
    })

    test('a first start is one read and one insert, a later one is one read and one update', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('starts')
      await flows.start(subject)
      expect(kinds()).toEqual(['SELECT', 'INSERT'])
      logged = []
      flows.setNow(Date.UTC(2052, 0, 1))
      await flows.start(subject)
      expect(flows.sent.length).toBe(2)
      expect(kinds()).toEqual(['SELECT', 'UPDATE'])
    })

    test('reads of many requests at once are few statements', async () => {
      const subjects = Array.from({ length: 20 }, () => freshSubject('together'))
      for (const subject of subjects.slice(1)) {
        await store.compareAndSwap(subject, null, bareState(subject, 1))
      }
      logged = []
      // The first has no row, and the last is asked for twice.
      const asked = [...subjects, ...subjects.slice(-1)]
      const rows = await Promise.all(asked.map((subject) => store.read(subject)))
      expect(rows.map((row) => row?.subject)).toEqual([undefined, ...asked.slice(1)])
      expect(kinds()).toEqual(['SELECT', 'SELECT'])
    })

    test('a verification is one read and one update, whether right or wrong', async () => {
      const flows = phoneFlows(store)
      const subject = freshSubject('guesses')
      await flows.start(subject)
      const [right = ''] = flows.sent
      logged = []
      expect(await flows.guess(subject, wrongCode(right))).toBe('code_incorrect')
      expect(kinds()).toEqual(['SELECT', 'UPDATE'])
      logged = []
      expect(await flows.guess(subject, right)).toBe('passed')
      expect(kinds()).toEqual(['SELECT', 'UPDATE'])
    })

    test('a row is read by its primary key, and by the names of its columns', async () => {
      await store.read(freshSubject('read'))
      const [sql = ''] = logged
      expect(sql).toMatch(/WHERE .subject. = (?:\$1|\?)(?:\) AS one)?$/)
      expect(sql).not.toContain('*')
    })

    test('a row that nobody has changed is not built again', async () => {
      const other = sequelizeStore({ sequelize, tableName })
      const state = fullState(freshSubject('unchanged'), 1)
      await store.compareAndSwap(state.subject, null, state)
      const read = await store.read(state.subject)
      expect(read).toEqual(state)
      expect(await store.read(state.subject)).toBe(read)
      const next = { ...state, version: 2, failures: 14 }
      await other.compareAndSwap(state.subject, 1, next)
      expect(await store.read(state.subject)).toEqual(next)
      await other.delete(state.subject)
      expect(await store.read(state.subject)).toBe(null)
    })

    test('keep_until is set only where it changes, on SQLite, where that writes an index', async () => {
      const { subject, ...row } = fullState(freshSubject('kept'), 1)
      const later = (row.keepUntil ?? 0) + 86_400_000
      await store.compareAndSwap(subject, null, { ...row, subject })
      const swap = async (version: number, keepUntil: number | null) => {
        logged = []
        const next = { ...row, subject, version, keepUntil }
        expect(await store.compareAndSwap(subject, version - 1, next)).toBe(true)
        const isSet = logged.some((line) => line.includes('keep_until'))
        expect(await store.read(subject)).toEqual(next)
        return isSet
      }
      expect(await swap(2, row.keepUntil)).toBe(true) // not read before
      expect(await swap(3, row.keepUntil)).toBe(database.name !== 'SQLite')
      expect(await swap(4, later)).toBe(true)
      expect(await swap(5, null)).toBe(true)
      expect(await swap(6, null)).toBe(database.name !== 'SQLite')
    })

    test('keep_until is set over what another process has written since the last read', async () => {
      const other = sequelizeStore({ sequelize, tableName })
      const state = fullState(freshSubject('kept by another'), 1)
      const { subject } = state
      await store.compareAndSwap(subject, null, state)
      await store.read(subject)
      await other.compareAndSwap(subject, 1, { ...state, version: 2, keepUntil: null })
      const next = { ...state, version: 3 }
      expect(await store.compareAndSwap(subject, 2, next)).toBe(true)
      expect(await store.read(subject)).toEqual(next)
    })

    test('prune removes rows in batches until none is left', async () => {
      const updatedAt = Date.UTC(2001, 0, 1)
      const rows = Array.from({ length: 1_001 }, (_, index) => ({
        ...bareState(freshSubject(`prune ${index}`), 1),
        ...{ updatedAt, keepUntil: updatedAt },
      }))
      await Promise.all(rows.map((row) => store.compareAndSwap(row.subject, null, row)))
      logged = []
      expect(await store.prune(new Date(updatedAt + 1), new Date(updatedAt + 1))).toBe(1_001)
      expect(kinds()).toEqual(['DELETE', 'DELETE', 'DELETE'])
    })

    test("the application's own query defaults change nothing", async () => {
      const options = { query: { plain: true, nest: true, raw: false } }
      await withSequelize(database, options, async (odd) => {
        const state = fullState(freshSubject('odd defaults'), 1)
        const oddStore = sequelizeStore({ sequelize: odd, tableName })
        expect(await oddStore.compareAndSwap(state.subject, null, state)).toBe(true)
        expect(await oddStore.read(state.subject)).toEqual(state)
        const next = { ...state, version: 2 }
        expect(await oddStore.compareAndSwap(state.subject, 1, next)).toBe(true)
        expect(await oddStore.compareAndSwap(state.subject, 1, next)).toBe(false)
      })
    })

    test('creating a store and its migrations sends nothing', () => {
      sequelizeStore({ sequelize, tableName })
      expect(logged).toEqual([])
    })
  })
}

describe('a read with replicas', () => {
  test('goes to the primary, because a replica may lag', async (context) => {
    const database = databases.find(({ name }) => name === 'PostgreSQL')
    if (database === undefined) return context.skip()
    const { hostname, port, username, password, pathname } = new URL(database.url)
    const primary = {
      host: hostname,
      port: port === '' ? '5432' : port,
      username,
      password,
      database: pathname.slice(1),
    }
    const replication = { write: primary, read: [{ ...primary, host: '127.0.0.1', port: '1' }] }
    return withSequelize(database, { replication }, async (sequelize) => {
      const table = `${tableName}_replicas`
      const store = sequelizeStore({ sequelize, tableName: table })
      await store.sync()
      const subject = freshSubject('replica')
      await store.compareAndSwap(subject, null, bareState(subject, 1))
      expect(await store.read(subject)).toEqual(bareState(subject, 1))
      await sequelize.query(`DROP TABLE ${table}`)
    })
  })
})

describe('unusable options', () => {
  const sequelize = new Sequelize({ dialect: 'sqlite', storage: ':memory:', logging: false })
  const make = (...options: unknown[]) => {
    Reflect.apply(sequelizeStore, undefined, options)
  }

  test.each([undefined, {}, { sequelize: {} }, { sequelize: 'sqlite::memory:' }])(
    'are refused if %j has no Sequelize instance',
    (options) => {
      expect(() => {
        make(options)
      }).toThrow(ConfigurationError)
    },
  )

  test.each(['a"; DROP TABLE users; --', '', 'a b', '1st', 'x'.repeat(41), 'schema.table'])(
    'are refused if the table name is %j',
    (name) => {
      expect(() => sequelizeStore({ sequelize, tableName: name })).toThrow(/tableName is/)
    },
  )

  test('are refused if the database is not supported', () => {
    expect(() => {
      make({ sequelize: { query: () => undefined, getDialect: () => 'mssql' } })
    }).toThrow(/"mssql"/)
  })
})
