/** One database for users, sessions and the state of the second factor. */

import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { migrations, tuneSqlite } from 'passport-second-factor/sequelize'
import { Sequelize } from 'sequelize'
import { SequelizeStorage, Umzug } from 'umzug'

import { sqliteFile } from './settings.js'

/** Opens the database; SQLite in WAL mode, so that several processes can share the file. */
export function openDatabase(databaseUrl: string): Sequelize {
  if (!databaseUrl.startsWith('sqlite:')) {
    // mysql2 speaks to MariaDB as well as to MySQL.
    return new Sequelize(databaseUrl.replace(/^mariadb:/, 'mysql:'), { logging: false })
  }
  const storage = sqliteFile(databaseUrl) ?? ':memory:'
  if (storage !== ':memory:') mkdirSync(dirname(storage), { recursive: true })
  const sequelize = new Sequelize({ dialect: 'sqlite', storage, logging: false })
  tuneSqlite(sequelize)
  return sequelize
}

/** Makes the tables that are missing. Processes that start together may meet here, so each tries again. */
export async function migrate(
  sequelize: Sequelize,
  others: (() => Promise<unknown>)[],
): Promise<void> {
  const umzug = new Umzug({
    migrations,
    context: sequelize.getQueryInterface(),
    storage: new SequelizeStorage({ sequelize }),
    logger: undefined,
  })
  for (let triesLeft = 5; ; triesLeft -= 1) {
    try {
      await umzug.up()
      for (const make of others) await make()
      return
    } catch (error) {
      if (triesLeft === 0) throw error
      await wait(200)
    }
  }
}
