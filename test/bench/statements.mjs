/**
 * Rounds through the flows, against the same statements alone: by Sequelize, and prepared on the bare driver. One at a
 * time shows how long a round takes; 16 at a time, as on a busy server, shows what it costs.
 */

import { join } from 'node:path'

import { createPool } from 'mysql2/promise'
import pg from 'pg'
import sqlite3 from 'sqlite3'

import { inLanes, medians, perSecond, ratio, tiny } from './measure.mjs'
import { expect, openSqlite, headlessCalls, round, scratch, userAt } from './second-factor.mjs'
import { openServer, poolSize, serverUrl } from './services.mjs'

const people = Array.from({ length: tiny ? 10 : 100 }, (_, index) => userAt(index))
const roundsEach = 4
const rounds = people.length * roundsEach
const inParallel = [1, 16]

export async function* statements() {
  const { folder, remove } = scratch()
  try {
    let files = 0
    const file = () => join(folder, `${(files += 1)}.sqlite`)
    yield* on('SQLite', () => openSqlite(file()), openSqliteDriver)
  } finally {
    remove()
  }
  for (const [name, openDriver] of [
    ['PostgreSQL', openPostgres],
    ['MariaDB', openMariadb],
  ]) {
    const url = await serverUrl(name)
    if (url === null) yield `${name} does not answer`
    else
      yield* on(
        name,
        () => openServer(url),
        () => openDriver(url),
      )
  }
}

async function* on(name, open, openDriver) {
  const recorded = await record(open)
  yield counted(name, recorded)
  for (const atOnce of inParallel) {
    const seconds = await medians(candidates(open, openDriver, recorded, atOnce), 5)
    yield* told(`${name}, ${atOnce} at a time`, seconds)
  }
}

function candidates(open, openDriver, recorded, atOnce) {
  const flows = (opening) => ({
    async prepare() {
      const { store, close } = await opening()
      return { calls: headlessCalls(store), close }
    },
    run: ({ calls }) => run(calls, atOnce),
    finish: ({ close }) => close(),
  })
  return {
    flows: flows(open),
    watched: flows(async () => watched(await open())),
    sequelize: {
      prepare: open,
      run: ({ sequelize, tableName }) =>
        replay(recorded, tableName, atOnce, (sql, options) => sequelize.query(sql, options)),
      finish: ({ close }) => close(),
    },
    driver: {
      async prepare() {
        const opened = await open()
        return { opened, driver: await openDriver(opened) }
      },
      run: ({ opened, driver }) =>
        replay(recorded, opened.tableName, atOnce, (sql, { bind }) => driver.query(sql, bind)),
      async finish({ opened, driver }) {
        await driver.close()
        await opened.close()
      },
    },
  }
}

function* told(name, { flows, watched: seen, sequelize, driver }) {
  yield `${name}: rounds by the flows ${perSecond(rounds, flows)}, of an application that watches its queries ${perSecond(rounds, seen)}, bare sequelize.query ${perSecond(rounds, sequelize)}, bare driver ${perSecond(rounds, driver)}`
  yield `${name}: flows against bare sequelize.query with the same statements ${ratio(sequelize / flows)} (watched ${ratio(sequelize / seen)}), against the bare driver ${ratio(driver / flows)}`
}

function counted(name, { statements }) {
  const reads = statements.filter(({ sql }) => isRead(sql)).length
  return `${name}: a round (a start, a wrong guess, a right one) is ${reads / rounds} reads and ${(statements.length - reads) / rounds} writes`
}

/** Everybody's rounds by the flows; those of one user follow each other. */
function run(calls, atOnce) {
  return inLanes(people.length, atOnce, async (index) => {
    for (let each = 0; each < roundsEach; each += 1) await round(calls, people[index])
  })
}

/** Every statement of a run with its options, so that it can be made again without the flows. */
async function record(open) {
  const opened = await open()
  const seen = []
  const { store, tableName, close } = watched(opened, (sql, options) =>
    seen.push({ sql, options: { ...options } }),
  )
  await run(headlessCalls(store), 1)
  await close()
  // Sequelize's own, such as a question for the version, are not counted.
  return { tableName, statements: seen.filter(({ sql }) => /^(SELECT|INSERT|UPDATE)/.test(sql)) }
}

/** Wraps `query`, as an application does that measures its queries. */
function watched(opened, seen = () => undefined) {
  const { sequelize } = opened
  const query = sequelize.query.bind(sequelize)
  sequelize.query = (sql, options) => {
    seen(sql, options)
    return query(sql, options)
  }
  return opened
}

/** One statement of a user after the other, as the flows make them; so many users at a time. */
function replay({ tableName: recordedOn, statements }, tableName, atOnce, query) {
  const perUser = statements.length / people.length
  const here = new Map(statements.map(({ sql }) => [sql, sql.replaceAll(recordedOn, tableName)]))
  return inLanes(people.length, atOnce, async (index) => {
    for (const { sql, options } of statements.slice(index * perUser, (index + 1) * perUser)) {
      const answer = await query(here.get(sql), options)
      // A write that met no row would be cheaper than the flows' own.
      if (!isRead(sql)) expect(1, answer)
    }
  })
}

function isRead(sql) {
  return sql.startsWith('SELECT')
}

/** Statements kept prepared on a connection that is set as the store sets its own. */
async function openSqliteDriver({ sequelize }) {
  const database = new sqlite3.Database(sequelize.options.storage)
  const call = (on, method, ...given) =>
    new Promise((resolve, reject) => {
      on[method](...given, function (error, answer) {
        if (error) reject(error)
        else resolve(answer ?? this.changes)
      })
    })
  const settings = 'PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL; PRAGMA journal_mode=WAL'
  await call(database, 'exec', settings)
  const prepared = new Map()
  return {
    query(sql, bind) {
      if (!prepared.has(sql)) prepared.set(sql, database.prepare(sql))
      return call(prepared.get(sql), isRead(sql) ? 'all' : 'run', bind)
    },
    close() {
      for (const statement of prepared.values()) statement.finalize()
      return call(database, 'close')
    },
  }
}

async function openPostgres(connectionString) {
  const pool = new pg.Pool({ connectionString, max: poolSize })
  const names = new Map()
  return {
    async query(text, values) {
      if (!names.has(text)) names.set(text, `bench_${names.size}`)
      const { rows, rowCount } = await pool.query({ name: names.get(text), text, values })
      return isRead(text) ? rows : rowCount
    },
    close: () => pool.end(),
  }
}

async function openMariadb(uri) {
  const pool = createPool({ uri, connectionLimit: poolSize })
  const texts = new Map()
  return {
    async query(sql, bind) {
      if (!texts.has(sql)) texts.set(sql, sql.replaceAll(/\$\d+/g, '?'))
      const [answer] = await pool.execute(texts.get(sql), bind)
      return isRead(sql) ? answer : answer.affectedRows
    },
    close: () => pool.end(),
  }
}
