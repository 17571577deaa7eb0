/** SQL clients as an application opens them, each with the function that the README of sqlStore shows for it. */

import Database from 'better-sqlite3'
import { drizzle as drizzleOnSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzleOnMysql } from 'drizzle-orm/mysql2'
import { drizzle as drizzleOnPostgres } from 'drizzle-orm/node-postgres'
import knexOf from 'knex'
import { Kysely, MysqlDialect, PostgresDialect, SqliteDialect } from 'kysely'
import { createPool as createCallbackPool } from 'mysql2'
import { createPool } from 'mysql2/promise'
import pg from 'pg'
import sqlite3 from 'sqlite3'
import { DataSource } from 'typeorm'

import type { SqlDialect, SqlQuery } from '../../src/adapters/sql/index.js'
import { codeBlocks, readPage } from '../package/support/markdown.js'
import { runSnippet } from '../package/support/snippets.js'
import { sqlDatabases, type Database as SqlDatabase } from './databases.js'

/** A client on a database. */
export interface SqlClient {
  /** Such as `pg`. */
  readonly client: string
  readonly database: SqlDatabase
  readonly dialect: SqlDialect
  readonly query: SqlQuery
  close(): Promise<unknown>
}

type Recipe = Readonly<Record<string, (client: unknown) => SqlQuery>>

const page = 'src/adapters/sql/README.md'

/** The functions that the README shows under a client's heading. */
export async function recipeOf(client: string): Promise<Recipe> {
  const text = readPage(page)
  const headings = text.split('\n').flatMap((line, at) => (/^#+ /.test(line) ? [at + 1] : []))
  const from = text.split('\n').indexOf(`### ${client}`) + 1
  const to = headings.find((line) => line > from) ?? Infinity
  const block = codeBlocks(page, text).find(({ line, language }) => {
    return language === 'ts' && line > from && line < to
  })
  if (from === 0 || block === undefined) throw new Error(`${page} shows nothing for ${client}`)
  return (await runSnippet(block)) as Recipe
}

/** Opens a client, and names the function of its recipe; `closes` is what it has to close beside itself. */
interface Opened {
  readonly handle: unknown
  readonly of?: string
  readonly by: string
  readonly close: () => unknown
}

const nodeSqlite = ['node', 'sqlite'].join(':')

/** The part of node:sqlite used here. */
interface NodeSqlite {
  readonly DatabaseSync: new (file: string) => { close(): void }
}

type Open = (url: string) => Opened | Promise<Opened>

/** `sqlite:/a/file` names a file, for clients that know no such URL. */
const fileOf = (url: string) => url.replace(/^sqlite:/, '')

const openers: Readonly<Record<string, Partial<Record<SqlDatabase['name'], Open>>>> = {
  pg: {
    PostgreSQL(url) {
      const pool = new pg.Pool({ connectionString: url })
      return { handle: pool, by: 'onPostgres', close: () => pool.end() }
    },
  },
  mysql2: {
    MariaDB(url) {
      const pool = createPool(url)
      return { handle: pool, by: 'onMysql', close: () => pool.end() }
    },
  },
  'better-sqlite3': {
    SQLite(url) {
      const db = new Database(fileOf(url))
      return { handle: db, by: 'onSqlite', close: () => db.close() }
    },
  },
  'node:sqlite': {
    async SQLite(url) {
      // The types of Node 20 know nothing of it.
      const { DatabaseSync } = (await import(nodeSqlite)) as NodeSqlite
      const db = new DatabaseSync(fileOf(url))
      return {
        ...{ handle: db, by: 'onSqlite' },
        close: () => {
          db.close()
        },
      }
    },
  },
  sqlite3: {
    SQLite(url) {
      const db = new sqlite3.Database(fileOf(url))
      const close = () =>
        new Promise((resolve) => {
          db.close(resolve)
        })
      return { handle: db, by: 'onSqlite', close }
    },
  },
  Knex: {
    PostgreSQL(url) {
      const knex = knexOf({ client: 'pg', connection: url })
      return { handle: knex, by: 'onPostgres', close: () => knex.destroy() }
    },
    MariaDB(url) {
      const knex = knexOf({ client: 'mysql2', connection: url })
      return { handle: knex, by: 'onMysql', close: () => knex.destroy() }
    },
    SQLite(url) {
      const connection = { filename: fileOf(url) }
      const knex = knexOf({ client: 'better-sqlite3', connection, useNullAsDefault: true })
      return { handle: knex, by: 'onSqlite', close: () => knex.destroy() }
    },
  },
  Kysely: {
    PostgreSQL(url) {
      const pool = new pg.Pool({ connectionString: url })
      const db = new Kysely<never>({ dialect: new PostgresDialect({ pool }) })
      return { handle: db, by: 'onRows', close: () => db.destroy() }
    },
    MariaDB(url) {
      const pool = createCallbackPool(url)
      const db = new Kysely<never>({ dialect: new MysqlDialect({ pool }) })
      return { handle: db, by: 'onMysql', close: () => db.destroy() }
    },
    SQLite(url) {
      const database = new Database(fileOf(url))
      const db = new Kysely<never>({ dialect: new SqliteDialect({ database }) })
      return { handle: db, by: 'onRows', close: () => db.destroy() }
    },
  },
  Drizzle: {
    PostgreSQL(url) {
      const { $client } = drizzleOnPostgres(url)
      return { handle: $client, of: 'pg', by: 'onPostgres', close: () => $client.end() }
    },
    MariaDB(url) {
      const { $client } = drizzleOnMysql(url)
      return { handle: $client, by: 'onMysql', close: () => $client.promise().end() }
    },
    SQLite(url) {
      const { $client } = drizzleOnSqlite(fileOf(url))
      const close = () => $client.close()
      return { handle: $client, of: 'better-sqlite3', by: 'onSqlite', close }
    },
  },
  TypeORM: {
    async PostgreSQL(url) {
      const source = await new DataSource({ type: 'postgres', url }).initialize()
      return { handle: source, by: 'onTypeorm', close: () => source.destroy() }
    },
    async MariaDB(url) {
      const source = await new DataSource({ type: 'mariadb', url }).initialize()
      return { handle: source, by: 'onTypeorm', close: () => source.destroy() }
    },
    async SQLite(url) {
      const database = fileOf(url)
      const source = await new DataSource({ type: 'better-sqlite3', database }).initialize()
      return { handle: source, by: 'onTypeorm', close: () => source.destroy() }
    },
  },
}

const dialects = { PostgreSQL: 'postgres', MariaDB: 'mariadb', SQLite: 'sqlite' } as const

/** A client of the list, and how to open it. */
export interface OfferedClient {
  readonly client: string
  readonly database: SqlDatabase
  readonly open: () => Promise<SqlClient>
}

/** Every client on every database that it and this machine have. node:sqlite came with Node 22. */
export async function sqlClients(): Promise<readonly OfferedClient[]> {
  const databases = await sqlDatabases()
  const offered = Object.keys(openers).filter((client) => client !== 'node:sqlite' || hasSqlite())
  const recipes = new Map<string, Recipe>()
  for (const client of offered) recipes.set(client, await recipeOf(client))
  return offered.flatMap((client) =>
    databases.flatMap((database) => {
      const open = openers[client]?.[database.name]
      if (open === undefined) return []
      return {
        client,
        database,
        open: async () => {
          const opening = open(database.url)
          // Not awaited if it is there: many applications go on in the turn that opened their client.
          const opened = opening instanceof Promise ? await opening : opening
          const { handle, of = client, by, close } = opened
          const recipe = recipes.get(of)?.[by]
          if (recipe === undefined) throw new Error(`the README has no ${by} for ${of}`)
          return {
            ...{ client, database, dialect: dialects[database.name], query: recipe(handle) },
            close: () => Promise.resolve(close()),
          }
        },
      }
    }),
  )
}

function hasSqlite(): boolean {
  return Number(process.versions.node.split('.')[0]) >= 22
}
