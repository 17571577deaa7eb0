/**
 * One process that sends under limits: it opens the counts, waits for the others, starts challenges for its own users
 * and reports what was sent. It runs the built package, as an application's process would; `npm test` builds first.
 */

import { memoryStore, createSecondFactor, forSubject } from '../../dist/index.js'
import { doJobs, reporter } from './worker-jobs.mjs'

const openers = {
  async sequelize({ url, tableName }) {
    const { Sequelize } = await import('sequelize')
    const { sequelizeCounts, tuneSqlite } = await import('../../dist/adapters/sequelize/index.js')
    const sequelize = tuneSqlite(new Sequelize(url, { logging: false, pool: { max: 8 } }))
    return { counts: sequelizeCounts({ sequelize, tableName }), close: () => sequelize.close() }
  },

  async sql({ tableName, ...where }) {
    const { openSql } = await import('./open-sql.mjs')
    const { sqlCounts } = await import('../../dist/adapters/sql/index.js')
    const { dialect, query, close } = openSql(where)
    return { counts: sqlCounts({ dialect, query, tableName }), close }
  },

  async redis({ url, keyPrefix }) {
    const { createClient } = await import('redis')
    const { redisCounts } = await import('../../dist/adapters/redis/index.js')
    const client = await createClient({ url }).connect()
    const sendCommand = (_key, args) => client.sendCommand(args)
    return { counts: redisCounts({ sendCommand, keyPrefix }), close: () => client.close() }
  },
}

/**
 * Starts so many challenges, so many at once, each of a person and a phone of its own. Reports each message, and dies
 * after `dieAfter` of them if that is set.
 */
async function send({ counts, secret, rules, times, atOnce, now, dieAfter, first = 0 }) {
  let sent = 0
  const report = reporter(dieAfter)
  const sender = {
    channel: 'sms',
    async send() {
      sent += 1
      await report('sent')
      return { status: 'sent' }
    },
  }
  const secondFactor = createSecondFactor({
    ...{ secret, sender, store: memoryStore(), clock: () => now },
    events: { emit: () => undefined },
    users: { id: ({ id }) => id, phone: () => null },
    limits: { counts, rules, timeoutSeconds: 30 },
  })
  let next = 0
  const work = async () => {
    while (next < times) {
      const index = first + next
      next += 1
      const phone = `+23767${String((index * 10_007) % 10_000_000).padStart(7, '0')}`
      await secondFactor.start(forSubject(`job ${index}`, phone))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return { sent }
}

doJobs(async ({ store: { kind, ...where }, ...input }) => {
  const { close, counts } = await openers[kind](where)
  await counts.series(['a read that opens the connection'], 0)
  return { run: () => send({ counts, ...input }), close }
})
