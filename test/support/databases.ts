/** The SQL databases that the tests run on, and Sequelize instances on them. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Sequelize, type Options } from 'sequelize'
import { afterAll } from 'vitest'

import { tuneSqlite } from '../../src/adapters/sequelize/index.js'
import { serviceUrl } from './services.js'

export interface Database {
  readonly name: 'SQLite' | 'PostgreSQL' | 'MariaDB'
  readonly url: string
}

/**
 * SQLite on a file of this test file's own, and of PostgreSQL and MariaDB those that answer. Tables in the two
 * servers are shared by all test files: give each a name of its own.
 */
export async function sqlDatabases(): Promise<readonly Database[]> {
  const directory = mkdtempSync(join(tmpdir(), 'second-factor-'))
  afterAll(() => {
    rmSync(directory, { recursive: true })
  })
  const databases: Database[] = [
    { name: 'SQLite', url: `sqlite:${join(directory, 'test.sqlite')}` },
  ]
  for (const name of ['PostgreSQL', 'MariaDB'] as const) {
    const url = await serviceUrl(name)
    if (url !== null) databases.push({ name, url })
  }
  return databases
}

/** An instance on a database, silent unless `options` say otherwise. */
export function openSequelize({ url }: Database, options: Options = {}): Sequelize {
  return tuneSqlite(new Sequelize(url, { logging: false, ...options }))
}

/** Drops tables; quoting differs, so their names must not need it. */
export async function dropTables(sequelize: Sequelize, ...tables: string[]): Promise<void> {
  for (const table of tables) await sequelize.query(`DROP TABLE IF EXISTS ${table}`)
}

/** Works with an instance of its own, and closes it. */
export async function withSequelize<T>(
  database: Database,
  options: Options,
  work: (sequelize: Sequelize) => Promise<T>,
): Promise<T> {
  const sequelize = openSequelize(database, options)
  try {
    return await work(sequelize)
  } finally {
    await sequelize.close()
  }
}
