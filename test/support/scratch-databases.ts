/** Databases created for one run on the servers, and dropped after it. */

import { randomBytes } from 'node:crypto'

import { afterTests } from './after-tests.js'
import { openSequelize, type Database } from './databases.js'
import { newDatabase } from './example.js'
import { serviceUrl } from './services.js'

/** A new database of each kind whose server answers. */
export async function scratchDatabases(): Promise<readonly Database[]> {
  const databases: Database[] = [{ name: 'SQLite', url: newDatabase() }]
  for (const name of ['PostgreSQL', 'MariaDB'] as const) {
    const url = await scratchOn(name)
    if (url !== null) databases.push({ name, url })
  }
  return databases
}

/** A new database on a server, dropped after the tests of this file; `null` where the server does not answer. */
export async function scratchOn(name: 'PostgreSQL' | 'MariaDB'): Promise<string | null> {
  const server = await serviceUrl(name)
  if (server === null) return null
  const database = `second_factor_example_${randomBytes(6).toString('hex')}`
  const run = async (statement: string) => {
    const sequelize = openSequelize({ name, url: server })
    try {
      await sequelize.query(statement)
    } finally {
      await sequelize.close()
    }
  }
  await run(`CREATE DATABASE ${database}`)
  // PostgreSQL drops no database that somebody still uses, unless told to.
  const force = name === 'PostgreSQL' ? ' WITH (FORCE)' : ''
  afterTests(() => run(`DROP DATABASE ${database}${force}`))
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}
