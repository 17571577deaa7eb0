/** The store prepares its statements on Sequelize's own connections, and never bypasses an application's hooks. */

import { setImmediate as turn } from 'node:timers/promises'

import { QueryTypes, Sequelize, type Options } from 'sequelize'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { migrationsFor, sequelizeStore, tuneSqlite } from '../../src/adapters/sequelize/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { bareState, freshSubject, fullState } from '../../src/testing/contract-fixtures.js'
import {
  dropTables,
  openSequelize,
  sqlDatabases,
  withSequelize,
  type Database,
} from '../support/databases.js'
import { until } from '../support/until.js'

const tableName = 'sf_runners'
const databases = await sqlDatabases()

/** A read, a first write and a second one. */
async function threeStatements(sequelize: Sequelize): Promise<void> {
  const store = sequelizeStore({ sequelize, tableName })
  const state = bareState(freshSubject('three'), 1)
  expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
  expect(await store.compareAndSwap(state.subject, 1, { ...state, version: 2 })).toBe(true)
  expect(await store.read(state.subject)).toEqual({ ...state, version: 2 })
}

const verbs = (statements: readonly string[]) =>
  statements.map((sql) => /INSERT|UPDATE|SELECT/.exec(sql)?.[0])

/** The one connection of an instance whose pool has no more. */
function connectionOf(sequelize: Sequelize): Promise<object> {
  return sequelize.connectionManager.getConnection({ type: 'write' })
}

/** Counts the statements prepared while `work` runs, on the one connection there is. */
async function preparedBy(
  { name }: Database,
  sequelize: Sequelize,
  work: () => Promise<void>,
): Promise<number> {
  if (name === 'SQLite') {
    const connection = (await connectionOf(sequelize)) as { prepare: () => unknown }
    const prepare = vi.spyOn(connection, 'prepare')
    await work()
    return prepare.mock.calls.length
  }
  const count = async () => {
    const sql =
      name === 'PostgreSQL'
        ? "SELECT count(*) AS value FROM pg_prepared_statements WHERE name LIKE 'second_factor_%'"
        : "SHOW SESSION STATUS LIKE 'Com_stmt_prepare'"
    const [row] = await sequelize.query<Record<string, unknown>>(sql, { type: QueryTypes.SELECT })
    return Number(row?.['value'] ?? row?.['Value'])
  }
  const before = await count()
  await work()
  return (await count()) - before
}

/** Ends the instance's one connection from the server's side, and waits until the pool knows. */
async function dropConnection({ name }: Database, sequelize: Sequelize, by: Sequelize) {
  const [own, end] =
    name === 'PostgreSQL'
      ? ['pg_backend_pid()', 'SELECT pg_terminate_backend($1)']
      : ['CONNECTION_ID()', 'KILL $1']
  const [row] = await sequelize.query<{ id: number }>(`SELECT ${own} AS id`, {
    type: QueryTypes.SELECT,
  })
  const connection = await connectionOf(sequelize)
  sequelize.connectionManager.releaseConnection(connection)
  await by.query(end.replace('$1', String(row?.id)))
  const validate = Reflect.get(sequelize.connectionManager, 'validate') as (of: object) => boolean
  await until(() => Promise.resolve(!validate(connection)))
}

for (const database of databases) {
  describe(`statements on ${database.name}`, () => {
    const admin = openSequelize(database)
    const open: Sequelize[] = []

    /** An instance with one connection, closed after the test. */
    const opened = (options: Options = {}) => {
      const sequelize = openSequelize(database, { pool: { max: 1 }, ...options })
      open.push(sequelize)
      return sequelize
    }

    beforeAll(async () => {
      await dropTables(admin, tableName)
      await sequelizeStore({ sequelize: admin, tableName }).sync()
    })
    afterEach(async () => {
      vi.restoreAllMocks()
      for (const sequelize of open.splice(0)) await sequelize.close()
    })
    afterAll(async () => {
      await dropTables(admin, tableName)
      await admin.close()
    })

    test('go straight to the driver without hooks', async () => {
      const sequelize = opened()
      await sequelize.authenticate()
      const query = vi.spyOn(Sequelize.prototype, 'query')
      await threeStatements(sequelize)
      expect(query).not.toHaveBeenCalled()
    })

    test('are prepared once per connection and reused', async () => {
      const sequelize = opened()
      const prepared = await preparedBy(database, sequelize, async () => {
        for (let times = 0; times < 5; times += 1) await threeStatements(sequelize)
      })
      expect(prepared).toBe(3)
    })

    test('appear in the application’s SQL log', async () => {
      const sequelize = opened()
      await threeStatements(sequelize)
      const logged: string[] = []
      Object.assign(Reflect.get(sequelize, 'options') as object, {
        logging: (line: string) => logged.push(line),
      })
      await threeStatements(sequelize)
      expect(verbs(logged)).toEqual(['INSERT', 'UPDATE', 'SELECT'])
    })

    test.each(['beforeQuery', 'afterQuery'] as const)('trigger the %s hooks', async (hook) => {
      const sequelize = opened()
      await sequelize.authenticate()
      let met = 0
      sequelize.addHook(hook, () => {
        met += 1
      })
      await threeStatements(sequelize)
      expect(met).toBe(3)
    })

    test('go through a query method wrapped by the application', async () => {
      const sequelize = opened()
      await sequelize.authenticate()
      const query = vi.spyOn(sequelize, 'query')
      await threeStatements(sequelize)
      expect(query).toHaveBeenCalledTimes(3)
    })

    test('go through the query method of an application’s subclass', async () => {
      let asked = 0
      const query = Reflect.get(Sequelize.prototype, 'query') as () => unknown
      class Watching extends Sequelize {
        override query = (...given: unknown[]) => {
          asked += 1
          return Reflect.apply(query, this, given) as Promise<never>
        }
      }
      const sequelize = tuneSqlite(new Watching(database.url, { logging: false }))
      open.push(sequelize)
      await sequelize.authenticate()
      asked = 0
      await threeStatements(sequelize)
      expect(asked).toBe(3)
    })

    test('keep working during a migration, and report a missing one', async () => {
      const table = `${tableName}_moving`
      await dropTables(admin, table)
      const sequelize = opened()
      const store = sequelizeStore({ sequelize, tableName: table })
      const state = fullState(freshSubject('migrated'), 1)
      await expect(store.read(state.subject)).rejects.toThrow(/run the migrations/)
      const [create] = migrationsFor({ tableName: table })
      await create?.up({ context: admin.getQueryInterface() })
      // As a table of an earlier release, which lacks a column.
      await admin.query(`ALTER TABLE ${table} RENAME COLUMN updated_at TO unknown_yet`)
      await expect(store.read(state.subject)).rejects.toThrow(/run the migrations/)
      const first = store.compareAndSwap(state.subject, null, state)
      await expect(first).rejects.toThrow(/run the migrations/)
      await admin.query(`ALTER TABLE ${table} RENAME COLUMN unknown_yet TO updated_at`)
      expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
      expect(await store.read(state.subject)).toEqual(state)
      // A later version of the package may add a column, and make another wider.
      await admin.query(`ALTER TABLE ${table} ADD COLUMN later INTEGER NULL`)
      if (database.name !== 'SQLite') {
        const type =
          database.name === 'PostgreSQL' ? 'ALTER COLUMN failures TYPE' : 'MODIFY failures'
        await admin.query(`ALTER TABLE ${table} ${type} BIGINT`)
      }
      const next = { ...state, version: 2, failures: 7 }
      expect(await store.compareAndSwap(state.subject, 1, next)).toBe(true)
      expect(await store.read(state.subject)).toEqual(next)
      await dropTables(admin, table)
    })

    test.skipIf(database.name === 'SQLite')(
      'are prepared again after a dropped connection',
      async () => {
        const sequelize = opened()
        await threeStatements(sequelize)
        await dropConnection(database, sequelize, admin)
        expect(await preparedBy(database, sequelize, () => threeStatements(sequelize))).toBe(3)
      },
    )

    test('on a closed instance fail, and earlier ones complete', async () => {
      const sequelize = openSequelize(database)
      const store = sequelizeStore({ sequelize, tableName })
      await threeStatements(sequelize)
      const states = Array.from({ length: 9 }, (_, n) => bareState(freshSubject(`last ${n}`), 1))
      const swaps = states.map((state) => store.compareAndSwap(state.subject, null, state))
      // Each has a connection by then, or waits for one.
      await turn()
      await sequelize.close()
      expect(await Promise.all(swaps)).toEqual(states.map(() => true))
      await expect(store.read(freshSubject('closed'))).rejects.toThrow(StoreUnavailableError)
    })

    test.skipIf(database.name === 'SQLite')('are retried once after a deadlock', () =>
      withSequelize(database, {}, async (sequelize) => {
        const table = `${tableName}_passing`
        await dropTables(sequelize, table)
        const store = sequelizeStore({ sequelize, tableName: table })
        await store.sync()
        await failOnce(database, sequelize, table)
        const state = bareState(freshSubject('deadlock'), 1)
        expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
        expect(await store.read(state.subject)).toEqual(state)
        await dropTables(sequelize, table)
        if (database.name !== 'PostgreSQL') return
        await sequelize.query(`DROP FUNCTION ${table}_once; DROP SEQUENCE ${table}_tries`)
      }),
    )
  })
}

/** Lets the first insert fail as the loser of a deadlock does. */
async function failOnce({ name }: Database, sequelize: Sequelize, table: string): Promise<void> {
  if (name === 'MariaDB') {
    await sequelize.query(
      `CREATE TRIGGER ${table}_once BEFORE INSERT ON ${table} FOR EACH ROW BEGIN
         IF @passed IS NULL THEN
           SET @passed = 1;
           SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213;
         END IF;
       END`,
    )
    return
  }
  // A sequence goes on, whatever is rolled back.
  await sequelize.query(
    `CREATE OR REPLACE FUNCTION ${table}_once() RETURNS trigger AS $$ BEGIN
       IF nextval('${table}_tries') = 1 THEN RAISE EXCEPTION USING ERRCODE = '40P01'; END IF;
       RETURN NEW;
     END $$ LANGUAGE plpgsql;
     DROP SEQUENCE IF EXISTS ${table}_tries; CREATE SEQUENCE ${table}_tries;
     CREATE TRIGGER once BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_once()`,
  )
}
