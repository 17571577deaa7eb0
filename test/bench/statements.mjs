/** Rounds through the flows, against the same statements with nothing around them. */

import { join } from 'node:path'

import sqlite3 from 'sqlite3'

import { medians, perSecond, ratio } from './measure.mjs'
import { openSqlite, round, scratch, secondFactorOn, users } from './second-factor.mjs'

const people = users(50)
const roundsEach = 4
const rounds = people.length * roundsEach

export async function* statements() {
  const { folder, remove } = scratch()
  try {
    const recorded = await record(join(folder, 'recorded.sqlite'))
    const reads = recorded.filter(({ sql }) => sql.startsWith('SELECT')).length
    yield `a round (start, one wrong, one right guess): ${reads / rounds} reads, ${(recorded.length - reads) / rounds} writes`
    let files = 0
    const file = () => join(folder, `${(files += 1)}.sqlite`)
    const seconds = await medians(
      {
        flows: {
          prepare: () => openSqlite(file()),
          run: ({ store }) => run(store),
          finish: ({ sequelize }) => sequelize.close(),
        },
        sequelize: {
          prepare: () => openSqlite(file()),
          async run({ sequelize }) {
            for (const { sql, options } of recorded) await sequelize.query(sql, options)
          },
          finish: ({ sequelize }) => sequelize.close(),
        },
        driver: {
          async prepare() {
            const storage = file()
            const { sequelize } = await openSqlite(storage)
            await sequelize.close()
            return openDriver(storage)
          },
          async run(call) {
            for (const { sql, options } of recorded) await call('all', sql, named(options.bind))
          },
          finish: (call) => call('close'),
        },
      },
      5,
    )
    yield `flows ${perSecond(rounds, seconds.flows)}, bare sequelize.query ${perSecond(rounds, seconds.sequelize)}, bare driver ${perSecond(rounds, seconds.driver)}`
    yield `flows against sequelize.query with the same statements: ${ratio(seconds.sequelize / seconds.flows)}`
    yield `flows against the driver with the same statements: ${ratio(seconds.driver / seconds.flows)}`
  } finally {
    remove()
  }
}

async function run(store) {
  const factor = secondFactorOn(store)
  for (let each = 0; each < roundsEach; each += 1) {
    for (const user of people) await round(factor, user)
  }
}

/** Every statement of a run, with its options, so that it can be made again without the flows. */
async function record(storage) {
  const { sequelize, store } = await openSqlite(storage)
  const recorded = []
  const query = sequelize.query.bind(sequelize)
  sequelize.query = (sql, options) => {
    recorded.push({ sql, options: { ...options } })
    return query(sql, options)
  }
  await run(store)
  sequelize.query = query
  await sequelize.close()
  return recorded.filter(({ sql }) => /^(SELECT|INSERT|UPDATE)/.test(sql))
}

/** A connection set as the store sets its own, called as promises. */
async function openDriver(storage) {
  const database = new sqlite3.Database(storage)
  const call = (method, ...given) =>
    new Promise((resolve, reject) => {
      database[method](...given, (error, answer) => (error ? reject(error) : resolve(answer)))
    })
  await call('exec', 'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL')
  return call
}

/** Sequelize's `$1` as the driver names it. */
function named(bind) {
  return Object.fromEntries(bind.map((value, index) => [`$${index + 1}`, value]))
}
