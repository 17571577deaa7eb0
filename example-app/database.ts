/** The database of users and sessions and, without a Redis, of the second factor's state. */

import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import type { Socket } from 'node:net'
import { dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { migrations, tuneSqlite } from 'passport-second-factor/sequelize'
import {
  ConnectionTimedOutError,
  Sequelize,
  type Options,
  type QueryInterface,
  type QueryOptions,
} from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'

import { within } from './deadline.js'
import { nameOf, SettingError } from './environment.js'

/** A database that does not respond within this time counts as down. */
const answerSeconds = 5
const answerMs = answerSeconds * 1000

/** The file of an SQLite URL; `undefined` for other databases and for one in memory. */
export function sqliteFile(databaseUrl: string): string | undefined {
  const file = /^sqlite:(?:\/\/)?(.+)$/.exec(databaseUrl)?.[1]
  return file === undefined || file === ':memory:' ? undefined : resolve(file)
}

/** Opens the database, and checks that it responds. */
export async function openDatabase(databaseUrl: string): Promise<Sequelize> {
  try {
    const sequelize = connectionTo(databaseUrl)
    await within(answerSeconds, sequelize.authenticate())
    return sequelize
  } catch (error) {
    // Without the error's message, which may quote the URL and the password in it.
    throw new SettingError(`DATABASE_URL: the database cannot be opened (${nameOf(error)})`)
  }
}

function connectionTo(databaseUrl: string): Sequelize {
  const options: Options = { logging: false, pool: { max: 10 } }
  if (databaseUrl.startsWith('postgres')) {
    const dialectOptions = { query_timeout: answerMs, connectionTimeoutMillis: answerMs }
    return new Sequelize(databaseUrl, { ...options, dialectOptions })
  }
  if (!databaseUrl.startsWith('sqlite:')) {
    // mysql2 speaks to MariaDB as well as to MySQL.
    return answeringInTime(new Sequelize(databaseUrl.replace(/^mariadb:/, 'mysql:'), options))
  }
  const storage = sqliteFile(databaseUrl) ?? ':memory:'
  if (storage !== ':memory:') makePrivate(storage)
  // In WAL mode, so that several processes can share the file.
  return tuneSqlite(new Sequelize({ ...options, dialect: 'sqlite', storage }))
}

/** Creates the file if it is missing, readable only by its owner: it holds phones, password hashes and sessions. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  closeSync(openSync(file, 'a', 0o600))
  // SQLite creates the files next to it with the same mode.
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(each, 0o600)
    } catch {
      // It does not exist, or somebody else owns it and has to decide.
    }
  }
}

/**
 * Sets timeouts, because mysql2 has none. If the database hangs, every query fails after a few seconds and no request is
 * left waiting. A connection that stays silent for longer is closed, because it may have been lost.
 */
function answeringInTime(sequelize: Sequelize): Sequelize {
  sequelize.addHook('afterConnect', (connection) => {
    const { stream } = connection as { stream: Socket }
    stream.setTimeout(3 * answerMs, () => stream.destroy())
  })
  const query = sequelize.query.bind(sequelize)
  const late = () => new ConnectionTimedOutError(new Error(`no answer in ${answerSeconds} s`))
  return Object.assign(sequelize, {
    query: (sql: string, options?: QueryOptions) =>
      within(answerSeconds, query(sql, options), late),
  })
}

/** The runner of our migrations. */
export function migrationsOf(sequelize: Sequelize): Umzug<QueryInterface> {
  return new Umzug({
    migrations,
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize }),
    logger: undefined,
  })
}

/**
 * Creates missing tables: the second factor's by migrations, the models' by `sync`. `fill` adds the initial rows. Processes
 * that start at the same time may get in each other's way, so each retries.
 */
export async function migrate(sequelize: Sequelize, fill: () => Promise<unknown>): Promise<void> {
  const umzug = migrationsOf(sequelize)
  for (let triesLeft = 5; ; triesLeft -= 1) {
    try {
      await umzug.up()
      await sequelize.sync()
      await fill()
      return
    } catch (error) {
      if (triesLeft === 0) {
        throw new SettingError(
          `DATABASE_URL: the tables cannot be created, or are from an earlier release (${nameOf(error)})`,
        )
      }
      await wait(200)
    }
  }
}
