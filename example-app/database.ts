/** One database for users, sessions and, unless there is a Redis, the state of the second factor. */

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

/** A database that says nothing for so long counts as gone. */
const answerSeconds = 5
const answerMs = answerSeconds * 1000

/** The file of an SQLite address; `undefined` for another database, and for one in memory. */
export function sqliteFile(databaseUrl: string): string | undefined {
  const file = /^sqlite:(?:\/\/)?(.+)$/.exec(databaseUrl)?.[1]
  return file === undefined || file === ':memory:' ? undefined : resolve(file)
}

/** Opens the database, and sees that it answers. */
export async function openDatabase(databaseUrl: string): Promise<Sequelize> {
  try {
    const sequelize = connectionTo(databaseUrl)
    await within(answerSeconds, sequelize.authenticate())
    return sequelize
  } catch (error) {
    // Not its message, which may quote the address with the password in it.
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

/** Makes the file where it is missing, for nobody else to read: people's phones, password hashes and sessions are in it. */
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true })
  closeSync(openSync(file, 'a', 0o600))
  // SQLite gives the files that it keeps beside it the same mode.
  for (const each of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(each, 0o600)
    } catch {
      // It is not there, or somebody else's, who has to know.
    }
  }
}

/**
 * mysql2 has no bound of its own. So every query ends here: a database that hangs costs a browser some seconds, and no
 * request is left behind. And a connection that says nothing for longer is given up, as it may have been lost.
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

/** What runs our migrations. */
export function migrationsOf(sequelize: Sequelize): Umzug<QueryInterface> {
  return new Umzug({
    migrations,
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize }),
    logger: undefined,
  })
}

/**
 * Makes the tables that are missing: ours by their migrations, those of the models beside them. `fill` puts
 * in what has to be there. Processes that start together may meet here, so each tries again.
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
          `DATABASE_URL: the tables cannot be made, or are of an earlier release (${nameOf(error)})`,
        )
      }
      await wait(200)
    }
  }
}
