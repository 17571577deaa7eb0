/** The migrations' SQL creates the tables with every runner in the README, and both kinds of store share them. */

import knexOf, { type Knex } from 'knex'
import sqlite3 from 'sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  sequelizeAudit,
  sequelizeCounts,
  sequelizeStore,
} from '../../src/adapters/sequelize/index.js'
import {
  sqlCounts,
  sqlMigrations,
  sqlStore,
  type SqlDialect,
  type SqlMigration,
} from '../../src/adapters/sql/index.js'
import { run } from '../../src/cli/run.js'
import { ConfigurationError } from '../../src/core/errors.js'
import { freshSubject, fullState } from '../../src/testing/contract-fixtures.js'
import { codeBlocks, readPage } from '../package/support/markdown.js'
import { runSnippet } from '../package/support/snippets.js'
import { dropTables, openSequelize, withSequelize, type Database } from '../support/databases.js'
import { openSql, type OpenSql } from '../support/open-sql.mjs'
import { scratchDatabases } from '../support/scratch-databases.js'
import { recipeOf } from '../support/sql-clients.js'

const dialects = { PostgreSQL: 'postgres', MariaDB: 'mariadb', SQLite: 'sqlite' } as const
const tables = ['second_factor_states', 'second_factor_counts', 'second_factor_audit']
const page = 'src/adapters/sql/README.md'

/** The block of the README that holds this text, run; `url` is where it finds the database. */
function shown(text: string, url = ''): Promise<Record<string, unknown>> {
  const block = codeBlocks(page, readPage(page)).find((each) => each.text.includes(text))
  if (block === undefined) throw new Error(`${page} shows no ${text}`)
  Object.assign(globalThis, { env: { DATABASE_URL: url } })
  return runSnippet(block)
}

/** On SQLite by sqlite3, as Sequelize: two libraries of SQLite in one process take each other's locks. */
async function openPlain({ name, url }: Database): Promise<OpenSql> {
  if (name !== 'SQLite') return openSql({ dialect: dialects[name], url })
  const db = new sqlite3.Database(url.replace(/^sqlite:/, ''))
  const { onSqlite } = await recipeOf('sqlite3')
  if (onSqlite === undefined) throw new Error('the README has no onSqlite for sqlite3')
  const close = () =>
    new Promise((resolve) => {
      db.close(resolve)
    })
  return { dialect: 'sqlite', query: onSqlite(db), close }
}

/** Both keepers write and read; their tables are there. */
async function expectWorking(database: Database): Promise<void> {
  const { dialect, query, close } = await openPlain(database)
  const state = fullState(freshSubject('migrated'), 1)
  const store = sqlStore({ dialect, query })
  expect(await store.compareAndSwap(state.subject, null, state)).toBe(true)
  expect(await store.read(state.subject)).toEqual(state)
  const counts = sqlCounts({ dialect, query })
  await counts.add([
    { counter: `n:${state.subject.slice(9, 40)}`, bucket: 1, units: 1, keepUntil: 2 },
  ])
  await close()
}

async function expectGone(database: Database): Promise<void> {
  const { dialect, query, close } = await openPlain(database)
  for (const keeper of [sqlStore({ dialect, query }), sqlCounts({ dialect, query })]) {
    await expect(keeper.check()).rejects.toThrow('run the migrations')
  }
  await close()
}

for (const database of await scratchDatabases()) {
  const { name, url } = database
  describe(`on ${name}`, () => {
    const sequelize = openSequelize(database)
    const runAll = async (statements: readonly string[]) => {
      for (const statement of statements) await sequelize.query(statement)
    }
    beforeAll(() => dropTables(sequelize, ...tables))
    afterAll(() => sequelize.close())

    test('the statements create both tables, can be run again, and remove them', async () => {
      const migrations = sqlMigrations(dialects[name])
      for (let round = 0; round < 2; round += 1) await runAll(migrations.flatMap(({ up }) => up))
      await expectWorking(database)
      await runAll(migrations.flatMap(({ down }) => down))
      await expectGone(database)
    })

    test('both kinds of store share rows and counts', async () => {
      await runAll(sqlMigrations(dialects[name]).flatMap(({ up }) => up))
      const { dialect, query, close } = await openPlain(database)
      const [plain, orm] = [sqlStore({ dialect, query }), sequelizeStore({ sequelize })]
      const state = fullState(freshSubject('shared'), 1)
      expect(await plain.compareAndSwap(state.subject, null, state)).toBe(true)
      expect(await orm.read(state.subject)).toEqual(state)
      expect(await orm.compareAndSwap(state.subject, null, state)).toBe(false)
      const next = { ...state, version: 2, failures: 0 }
      expect(await orm.compareAndSwap(state.subject, 1, next)).toBe(true)
      expect(await plain.read(state.subject)).toEqual(next)
      const take = {
        counter: 'n:shared',
        bucket: 5,
        units: 1,
        room: 2,
        isHold: false,
        keepUntil: 9,
      }
      const keepers = [sqlCounts({ dialect, query }), sequelizeCounts({ sequelize })]
      for (const counts of keepers) expect(await counts.take([take])).toEqual([])
      for (const counts of keepers) expect(await counts.take([take])).toEqual(['n:shared'])
      await close()
      await dropTables(sequelize, ...tables)
    })

    test('the statements are the same as in the Sequelize migrations', async () => {
      const seen: string[] = []
      await withSequelize(database, { logging: (text) => seen.push(text) }, async (other) => {
        await sequelizeStore({ sequelize: other }).sync()
        await sequelizeCounts({ sequelize: other }).sync()
        await sequelizeAudit({ sequelize: other }).sync()
      })
      for (const statement of sqlMigrations(dialects[name]).flatMap(({ up }) => up)) {
        expect(seen.some((text) => text.includes(statement))).toBe(true)
      }
      await dropTables(sequelize, ...tables)
    })

    test('Knex runs, records and reverts them', async () => {
      const { sourceFor } = (await shown('sourceFor')) as {
        sourceFor: (dialect: SqlDialect) => Knex.MigrationSource<SqlMigration>
      }
      const knex = knexOf(
        name === 'SQLite'
          ? {
              client: 'sqlite3',
              connection: { filename: url.replace(/^sqlite:/, '') },
              useNullAsDefault: true,
            }
          : { client: name === 'MariaDB' ? 'mysql2' : 'pg', connection: url },
      )
      const names = sqlMigrations(dialects[name]).map((each) => each.name)
      const settings = {
        migrationSource: sourceFor(dialects[name]),
        tableName: 'second_factor_migrations',
      }
      try {
        expect(await knex.migrate.latest(settings)).toEqual([1, names])
        expect(await knex.migrate.latest(settings)).toEqual([1, []])
        await expectWorking(database)
        await knex.migrate.rollback(settings)
        await expectGone(database)
      } finally {
        await knex.destroy()
      }
    })

    test('the printed SQL is one file that the database can run', async () => {
      const lines: string[] = []
      await run(['schema', dialects[name]], { out: (line) => lines.push(line), error: () => 0 })
      if (name === 'PostgreSQL') await sequelize.query(lines.join('\n'))
      else await runAll(lines.map((line) => line.replace(/;$/, '')))
      await expectWorking(database)
      await dropTables(sequelize, ...tables)
    })

    test.runIf(name === 'PostgreSQL')(
      'a few lines run them, and so does sequelize-cli',
      async () => {
        await shown('await pool.query(statement)', url)
        await expectWorking(database)
        const context = sequelize.getQueryInterface()
        const cli = await shown('QueryInterface')
        await (cli['down'] as (given: typeof context) => Promise<void>)(context)
        await expectGone(database)
        await (cli['up'] as (given: typeof context) => Promise<void>)(context)
        await expectWorking(database)
        await dropTables(sequelize, ...tables)
      },
    )
  })
}

describe('names and options', () => {
  test('of migrations never change, and differ by table', () => {
    expect(sqlMigrations('sqlite').map(({ name }) => name)).toEqual([
      'passport-second-factor-0001-create-second_factor_states',
      'passport-second-factor-0002-create-second_factor_counts',
      'passport-second-factor-0003-create-second_factor_audit',
    ])
    const own = sqlMigrations('postgres', {
      ...{ schema: 'auth', tableName: 'a', countsTableName: 'b', auditTableName: 'c' },
    })
    expect(own.map(({ name }) => name)).toEqual([
      'passport-second-factor-0001-create-auth.a',
      'passport-second-factor-0002-create-auth.b',
      'passport-second-factor-0003-create-auth.c',
    ])
  })

  test('are refused if unusable', () => {
    for (const wrong of [
      () => sqlMigrations('oracle' as never),
      () => sqlMigrations('sqlite', { schema: 'auth' }),
      () => sqlMigrations('sqlite', { tableName: 'a;b' }),
      () => sqlMigrations('sqlite', { table: 'a' } as never),
    ]) {
      expect(wrong).toThrow(ConfigurationError)
    }
  })
})
