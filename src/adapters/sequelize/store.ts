/** The state store on Sequelize: one row per user, one statement per read and per write. */

import type { Sequelize } from 'sequelize'

import { StoreUnavailableError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { StateStore } from '../../ports/state-store.js'
import { dialectOf } from './dialect.js'
import { executorOf } from './executor.js'
import { checkedInstance } from './instance.js'
import { stateMigrations } from './migrations.js'
import { bindsOf, rowOf, type Row } from './row-values.js'
import { pruneBatch, statementsFor } from './statements.js'
import { tableOf, tableOptionNames, type TableOptions } from './table.js'

/** The database and the table that keep the rows. */
export interface SequelizeStoreOptions extends TableOptions {
  /** The application's own instance, of Sequelize 6 on SQLite, PostgreSQL, MySQL (8.0.17) or MariaDB (10.2). */
  readonly sequelize: Sequelize
}

/** The store, with what an SQL database adds to it. */
export interface SequelizeStore extends StateStore {
  prune(before: Date, now?: Date): Promise<number>
  /** Makes the table where it is missing, by running the migrations. For demonstrations: it keeps no record of them. */
  sync(): Promise<void>
}

/** Of the column. A database that cuts longer text short would merge two users. */
const maxSubjectLength = 200

/**
 * Makes a store on the application's database. Its statements run on connections of the pool, never in a
 * transaction of the application. On SQLite a transaction that has written keeps the store waiting until it
 * ends, and `:memory:` has one connection, which takes the store into the transaction after all; call
 * `tuneSqlite` for the speed and for several processes. A connection that is lost without a word holds
 * its place in the pool for long: bound it, with pg by `query_timeout` and `connectionTimeoutMillis`, with
 * mysql2 in an `afterConnect` hook.
 *
 * Statements are prepared once for each connection, with `sqlite3`, `pg` and `mysql2`. An application that logs its
 * queries, has `beforeQuery` or `afterQuery` hooks, or a `query` of its own goes on seeing them, for they then go by
 * `sequelize.query`, more slowly. So they do by themselves behind a pooler that keeps no prepared statements.
 *
 * @throws ConfigurationError where `sequelize`, `tableName` or `schema` cannot be used.
 * @example
 * const store = sequelizeStore({ sequelize })
 */
export function sequelizeStore(options: SequelizeStoreOptions): SequelizeStore {
  const sequelize = checkedInstance('sequelizeStore', options)
  assertKnownOptions('sequelizeStore', options, { sequelize: true, ...tableOptionNames })
  const dialect = dialectOf(sequelize)
  const sql = statementsFor(dialect, tableOf(sequelize, options))
  const database = executorOf(sequelize)
  return {
    async read(subject) {
      const row = await database.first(sql.read, [keyOf(subject)])
      return row === null ? null : rowOf(JSON.parse(row) as Row, subject)
    },
    async compareAndSwap(subject, expectedVersion, next) {
      const binds = bindsOf(next, dialect)
      binds.push(keyOf(subject))
      if (expectedVersion === null) return database.insert(sql.insert, binds)
      binds.push(expectedVersion)
      return (await database.change(sql.swap, binds)) === 1
    },
    async delete(subject) {
      await database.change(sql.remove, [keyOf(subject)])
    },
    async prune(before, now = new Date()) {
      const binds = [now, before].map((date) => dialect.writeInstant(date.getTime()))
      let removed = 0
      for (;;) {
        const batch = await database.change(sql.prune, binds)
        removed += batch
        if (batch < pruneBatch) return removed
      }
    },
    async sync() {
      const context = sequelize.getQueryInterface()
      const { tableName, schema } = options
      for (const { up } of stateMigrations({ tableName, schema })) await up({ context })
    },
  }
}

/** A subject as a key, if every database tells it from all others: some replace what they cannot hold. */
function keyOf(subject: string): string {
  // In characters, as the column and the check of ids count, and not in halves of them.
  const fits = subject.length <= maxSubjectLength || Array.from(subject).length <= maxSubjectLength
  if (fits && !/[\0\p{Surrogate}]/u.test(subject)) return subject
  throw new StoreUnavailableError(
    `a subject needs ${maxSubjectLength} characters or fewer, none of them NUL or half a surrogate pair`,
  )
}
