/** Rounds through the flows, against the same statements with nothing around them. */

import { join } from 'node:path'

import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import sqlite3 from 'sqlite3'

import { medians, perSecond, ratio } from './measure.mjs'
import { openSqlite, plainCalls, round, scratch, userAt } from './second-factor.mjs'
import { openServer, serverUrl } from './services.mjs'

const people = Array.from({ length: 50 }, (_, index) => userAt(index))
const roundsEach = 6
const rounds = people.length * roundsEach

export async function* statements() {
  const { folder, remove } = scratch()
  try {
    yield* onSqlite(folder)
  } finally {
    remove()
  }
  for (const [name, openDriver] of [
    ['PostgreSQL', openPostgres],
    ['MariaDB', openMariadb],
  ]) {
    const url = await serverUrl(name)
    if (url === null) yield `${name} does not answer`
    else yield* onServer(name, url, openDriver)
  }
}

async function* onSqlite(folder) {
  let files = 0
  const file = () => join(folder, `${(files += 1)}.sqlite`)
  const open = () => openSqlite(file())
  const recorded = await record(open)
  yield counted('SQLite', recorded)
  const seconds = await medians(
    {
      flows: flowsOn(open),
      watched: flowsOn(async () => watched(await open())),
      sequelize: {
        prepare: open,
        run: ({ sequelize }) => replay(recorded, (sql, options) => sequelize.query(sql, options)),
        finish: ({ close }) => close(),
      },
      driver: {
        async prepare() {
          const storage = file()
          const { close } = await openSqlite(storage)
          await close()
          return openSqliteDriver(storage)
        },
        run: ({ call }) =>
          replay(recorded, (sql, { bind }) =>
            call(sql.startsWith('SELECT') ? 'all' : 'run', sql, named(bind)),
          ),
        finish: ({ close }) => close(),
      },
    },
    9,
  )
  yield* told('SQLite', seconds)
  yield `SQLite: flows of an application that watches its queries, against bare sequelize.query ${ratio(seconds.sequelize / seconds.watched)}`
}

async function* onServer(name, url, openDriver) {
  const open = () => openServer(url)
  const recorded = await record(open)
  yield counted(name, recorded)
  const here = (sql, tableName) => sql.replace(recorded.tableName, tableName)
  const seconds = await medians(
    {
      flows: flowsOn(open),
      sequelize: {
        prepare: open,
        run: ({ sequelize, tableName }) =>
          replay(recorded, (sql, options) => sequelize.query(here(sql, tableName), options)),
        finish: ({ close }) => close(),
      },
      driver: {
        async prepare() {
          const opened = await open()
          return { ...opened, driver: await openDriver(url) }
        },
        run: ({ driver, tableName }) =>
          replay(recorded, (sql, { bind }) => driver.query(here(sql, tableName), bind)),
        async finish({ driver, close }) {
          await driver.end()
          await close()
        },
      },
    },
    5,
  )
  yield* told(name, seconds)
}

function* told(name, { flows, sequelize, driver }) {
  yield `${name}: rounds by the flows ${perSecond(rounds, flows)}, bare sequelize.query ${perSecond(rounds, sequelize)}, bare driver ${perSecond(rounds, driver)}`
  yield `${name}: flows against bare sequelize.query with the same statements ${ratio(sequelize / flows)}, against the bare driver ${ratio(driver / flows)}`
}

function counted(name, recorded) {
  const reads = recorded.filter(({ sql }) => sql.startsWith('SELECT')).length
  return `${name}: a round (a start, a wrong guess, a right one) is ${reads / rounds} reads and ${(recorded.length - reads) / rounds} writes`
}

/** Rounds by the flows, of everybody in turn. */
function flowsOn(open) {
  return {
    async prepare() {
      const opened = await open()
      return { calls: plainCalls(opened.store), close: opened.close }
    },
    run: ({ calls }) => run(calls),
    finish: ({ close }) => close(),
  }
}

async function run(calls) {
  for (let each = 0; each < roundsEach; each += 1) {
    for (const user of people) await round(calls, user)
  }
}

/** Every statement of a run with its options, so that it can be made again without the flows. */
async function record(open) {
  const { sequelize, store, tableName, close } = await open()
  const recorded = []
  watched({ sequelize }, (sql, options) => recorded.push({ sql, options: { ...options } }))
  await run(plainCalls(store))
  await close()
  const ours = recorded.filter(({ sql }) => /^(SELECT|INSERT|UPDATE)/.test(sql))
  return Object.assign(ours, { tableName })
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

/** One statement after the other, as the flows of one user make them. */
async function replay(recorded, query) {
  for (const { sql, options } of recorded) await query(sql, options)
}

/** A connection set as the store sets its own, called as promises. */
async function openSqliteDriver(storage) {
  const database = new sqlite3.Database(storage)
  const call = (method, ...given) =>
    new Promise((resolve, reject) => {
      database[method](...given, (error, answer) => (error ? reject(error) : resolve(answer)))
    })
  await call('exec', 'PRAGMA busy_timeout=5000; PRAGMA synchronous=NORMAL; PRAGMA journal_mode=WAL')
  return { call, close: () => call('close') }
}

/** Sequelize's `$1` as node-sqlite3 names it. */
function named(bind) {
  return Object.fromEntries(bind.map((value, index) => [`$${index + 1}`, value]))
}

async function openPostgres(connectionString) {
  const client = new pg.Client({ connectionString })
  await client.connect()
  return client
}

async function openMariadb(url) {
  const connection = await createConnection(url)
  return {
    query: (sql, bind) => connection.query(sql.replaceAll(/\$\d+/g, '?'), bind),
    end: () => connection.end(),
  }
}
