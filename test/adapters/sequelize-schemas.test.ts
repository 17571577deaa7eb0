/** The table's schema: on PostgreSQL as the option or Sequelize sets it, and refused elsewhere. */

import { randomBytes } from 'node:crypto'

import { QueryTypes, type Options, type Sequelize } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  defineSecondFactorModel,
  migrationsFor,
  sequelizeStore,
  type TableOptions,
} from '../../src/adapters/sequelize/index.js'
import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import { freshSubject, fullState } from '../../src/testing/contract-fixtures.js'
import { sqlDatabases, withSequelize, type Database } from '../support/databases.js'
import { scratchOn } from '../support/scratch-databases.js'

const name = 'second_factor_states'
const databases = await sqlDatabases()
const url = await scratchOn('PostgreSQL')

describe.skipIf(url === null)('on PostgreSQL', () => {
  const database: Database = { name: 'PostgreSQL', url: url ?? '' }
  const role = `tenant_${randomBytes(4).toString('hex')}`
  const asOwner = <T>(work: (sequelize: Sequelize) => Promise<T>) =>
    withSequelize(database, {}, work)
  const run = (...statements: string[]) =>
    asOwner(async (sequelize) => {
      for (const statement of statements) await sequelize.query(statement)
    })

  // A role that may make nothing in public, as of PostgreSQL 15, and owns a schema.
  beforeAll(() =>
    run(
      `CREATE ROLE ${role} LOGIN PASSWORD '${role}'`,
      'REVOKE CREATE ON SCHEMA public FROM PUBLIC',
      `CREATE SCHEMA own AUTHORIZATION ${role}`,
      'CREATE SCHEMA "it\u2019s mine"',
    ),
  )
  afterAll(() => run(`DROP OWNED BY ${role}`, `DROP ROLE ${role}`))
  const asRole = (options: Options) => ({ ...options, username: role, password: role })

  /** Everything by the name of the table: tables, and their indices and checks. */
  const found = () =>
    asOwner(async (sequelize) => {
      const rows = await sequelize.query<{ schema: string; relation: string }>(
        'SELECT n.nspname AS schema, c.relname AS relation FROM pg_class c ' +
          `JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname LIKE '${name}%' ` +
          'UNION SELECT n.nspname, k.conname FROM pg_constraint k ' +
          `JOIN pg_namespace n ON n.oid = k.connamespace WHERE k.conname LIKE '${name}%check'`,
        { type: QueryTypes.SELECT },
      )
      expect(
        rows.length === 0 || rows.some(({ relation }) => relation.endsWith('_keep_until')),
      ).toBe(true)
      return [...new Set(rows.map(({ schema }) => schema))]
    })

  const searchPath = { dialectOptions: { options: '-c search_path=own' } }
  test.each<[what: string, options: TableOptions, sequelize: Options, schema: string]>([
    ['the option says', { schema: 'auth' }, {}, 'auth'],
    [
      'the option says, in a name that has to be quoted',
      { schema: 'it\u2019s mine' },
      {},
      'it\u2019s mine',
    ],
    ["Sequelize's define.schema says", {}, { define: { schema: 'models' } }, 'models'],
    ["Sequelize's schema says", {}, { schema: 'models' }, 'models'],
    [
      'the option says, whatever Sequelize has',
      { schema: 'auth' },
      { define: { schema: 'models' } },
      'auth',
    ],
    [
      'the search path says, for a role that may not create in public',
      {},
      asRole(searchPath),
      'own',
    ],
    [
      'the option says, for a role that may not create in public',
      { schema: 'own' },
      asRole({}),
      'own',
    ],
    ['the connection says', {}, {}, 'public'],
  ])('the table, its index and its checks are where %s', (_what, options, settings, schema) =>
    withSequelize(database, settings, async (sequelize) => {
      const umzug = new Umzug({
        migrations: migrationsFor(options),
        context: sequelize.getQueryInterface(),
        storage: new SequelizeStorage({ sequelize, schema, tableName: 'history' }),
        logger: undefined,
      })
      await sequelize
        .getQueryInterface()
        .createSchema(schema)
        .catch(() => undefined)
      await umzug.up()
      expect(await found()).toEqual([schema])

      const store = sequelizeStore({ sequelize, ...options })
      const state = fullState(freshSubject('schemas'), 1)
      expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
      expect(await store.compareAndSwap(state.subject, 1, { ...state, version: 2 })).toBe(true)
      expect(await store.read(state.subject)).toEqual({ ...state, version: 2 })
      const model = defineSecondFactorModel(sequelize, options)
      expect(await model.count({ where: { subject: state.subject } })).toBe(1)
      await store.delete(state.subject)
      expect(await store.prune(new Date(), new Date())).toBe(0)

      await umzug.down({ to: 0 })
      expect(await found()).toEqual([])
      await store.sync()
      expect(await found()).toEqual([schema])
      await model.sync({ force: true })
      expect(await found()).toEqual([schema])
      await model.drop()
      await sequelize.getQueryInterface().dropTable({ tableName: 'history', schema })
    }),
  )

  test('two schemas have separate rows and separate migration lists', () =>
    asOwner(async (sequelize) => {
      const names = ['one', 'two'].flatMap((schema) =>
        migrationsFor({ schema }).map((each) => each.name),
      )
      expect(new Set([...names, ...migrationsFor().map((each) => each.name)]).size).toBe(9)
      const [one, two] = ['one', 'two'].map((schema) => sequelizeStore({ sequelize, schema }))
      await one?.sync()
      await two?.sync()
      const state = fullState(freshSubject('two schemas'), 1)
      await one?.compareAndSwap(state.subject, null, state)
      expect(await two?.read(state.subject)).toBeNull()
      expect(await one?.read(state.subject)).toEqual(state)
    }))

  test('processes that create a schema at once all succeed', () =>
    asOwner(async (sequelize) => {
      const stores = Array.from({ length: 8 }, () =>
        sequelizeStore({ sequelize, schema: 'at_once' }),
      )
      await Promise.all(stores.map((store) => store.sync()))
      expect(await stores[0]?.read('nobody')).toBeNull()
    }))

  test('a missing schema is reported as missing migrations', () =>
    asOwner(async (sequelize) => {
      const error = await sequelizeStore({ sequelize, schema: 'absent' })
        .read('1')
        .catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(StoreUnavailableError)
      expect(String(error)).toContain('run the migrations')
    }))

  test.each(['', 'a"b', "a'b", 'a$1', 'a:b', 'a\0b', 'x'.repeat(64), 7])(
    'refuses %j as a schema',
    (schema) =>
      asOwner((sequelize) => {
        const options = { schema: schema as string }
        const refused: unknown[] = [
          () => sequelizeStore({ sequelize, ...options }),
          () => migrationsFor(options),
          () => defineSecondFactorModel(sequelize, options),
        ]
        for (const call of refused) expect(call).toThrow(ConfigurationError)
        return Promise.resolve()
      }),
  )
})

describe.each(databases.filter((each) => each.name !== 'PostgreSQL'))('on $name', (database) => {
  test('the option is refused with the alternative', () =>
    withSequelize(database, {}, async (sequelize) => {
      const schema = 'auth'
      const message = /^schema works only on PostgreSQL/
      expect(() => sequelizeStore({ sequelize, schema })).toThrow(message)
      expect(() => defineSecondFactorModel(sequelize, { schema })).toThrow(message)
      const [migration] = migrationsFor({ schema })
      const context = sequelize.getQueryInterface()
      await expect(migration?.up({ context })).rejects.toThrow(message)
      await expect(migration?.down({ context })).rejects.toThrow(message)
    }))

  test('an application with its models in a Sequelize schema has one table', () =>
    withSequelize(database, { define: { schema: 'models' } }, async (sequelize) => {
      const tableName = 'sf_schemas'
      const store = sequelizeStore({ sequelize, tableName })
      const model = defineSecondFactorModel(sequelize, { tableName })
      await model.sync()
      const state = fullState(freshSubject('schemas'), 1)
      await store.compareAndSwap(state.subject, null, state)
      expect(await model.count({ where: { subject: state.subject } })).toBe(1)
      await model.drop()
      await expect(store.read(state.subject)).rejects.toThrow('run the migrations')
    }))
})
