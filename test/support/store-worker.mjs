/**
 * One process of a race: it opens a store, waits for the others, does its job and sends the result. It runs the built
 * package, as an application's process would; `npm test` builds first.
 */

import { createKeyRing } from '../../dist/core/keys.js'
import { resolvePolicy } from '../../dist/core/policy.js'
import { isRefusal } from '../../dist/core/refusal.js'
import { phoneFactor } from '../../dist/factors/phone/phone-factor.js'
import { deriveCode } from '../../dist/factors/phone/rules/code.js'
import { partOf } from '../../dist/factors/phone/rules/part.js'
import { startChallenge } from '../../dist/factors/phone/start-challenge.js'
import { toolsOf } from '../../dist/flows/tools.js'
import { verify } from '../../dist/flows/verify.js'
import { baseAt, inParallel, tally } from '../../dist/testing/contract-fixtures.js'
import { heldFlowsOf } from './held-flows.mjs'
import { phoneFlowsOf } from './phone-flows.mjs'
import { die, doJobs, reporter } from './worker-jobs.mjs'

const phoneFlows = phoneFlowsOf({
  ...{ baseAt, createKeyRing, deriveCode, isRefusal, partOf },
  ...{ phoneFactor, resolvePolicy, startChallenge, toolsOf, verify },
})

/** Opens each kind of store, from what the parent sends about it. Loads no other database's client, which takes long. */
const openers = {
  async sequelize({ url, tableName, options = {} }) {
    const { Sequelize } = await import('sequelize')
    const { sequelizeStore, tuneSqlite } = await import('../../dist/adapters/sequelize/index.js')
    const sequelize = tuneSqlite(new Sequelize(url, { logging: false, ...options }))
    const store = sequelizeStore({ sequelize, tableName })
    return { store, sequelize, close: () => sequelize.close() }
  },

  async sql({ tableName, ...where }) {
    const { openSql } = await import('./open-sql.mjs')
    const { sqlStore } = await import('../../dist/adapters/sql/index.js')
    const { dialect, query, close } = openSql(where)
    return { store: sqlStore({ dialect, query, tableName }), close }
  },

  async redis({ url, keyPrefix }) {
    const { createClient } = await import('redis')
    const { redisStore } = await import('../../dist/adapters/redis/index.js')
    const client = await createClient({ url }).connect()
    const store = redisStore({ sendCommand: (_key, args) => client.sendCommand(args), keyPrefix })
    return { store, close: () => client.close() }
  },
}

/** What only some jobs need, which takes long to load as well. */
const modules = {
  judgeHeld: () => import('../../dist/index.js'),
  contract: () => import('../../dist/testing/index.js'),
}

/** The jobs of a process. */
const jobs = {
  /**
   * Guesses at once, all with one code, and dies after `dieAfter` answers if that is set. Each answer is sent as it
   * comes, so that none dies with the process.
   */
  async guess({ store, subject, code, times, dieAfter, now = baseAt }) {
    const flows = phoneFlows(store)
    const report = reporter(dieAfter)
    flows.setNow(now)
    const answers = await inParallel(times, async () => {
      const answer = await flows.guess(subject, code)
      await report(answer)
      return answer
    })
    return tally(answers)
  },

  /** Has codes of held factors judged at once, each in its turn. */
  async judgeHeld({ store, subject, attempts, times, now, loaded }) {
    const { judge } = heldFlowsOf(loaded)(store, now)
    return tally(await inParallel(times, (nth) => judge(subject, attempts[nth % attempts.length])))
  },

  /** Starts at once. */
  async start({ store, subject, times }) {
    const flows = phoneFlows(store)
    await inParallel(times, () => flows.start(subject))
    return { sent: flows.sent.length }
  },

  /** Whole rounds on subjects of this process: a start, a wrong and a right guess. */
  async rounds({ store, subject, times }) {
    const answers = await inParallel(times, async (index) => {
      const own = `${subject} ${process.pid} ${index}`
      const flows = phoneFlows(store)
      await flows.start(own)
      const [code = ''] = flows.sent
      const wrong = code.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
      return [await flows.guess(own, wrong), await flows.guess(own, code)].join(', ')
    })
    return tally(answers)
  },

  /** A start that dies at `dieAt`. Reports what was sent until then. */
  async startAndDie({ store, subject, dieAt, now = baseAt }) {
    const report = reporter(1)
    const flows = phoneFlows(dying(store, dieAt), (code) => {
      if (dieAt === 'before the send') die()
      return report(code)
    })
    flows.setNow(now)
    await flows.start(subject)
  },

  /** A guess that dies at `dieAt`. */
  async guessAndDie({ store, subject, code, dieAt }) {
    await phoneFlows(dying(store, dieAt)).guess(subject, code)
  },

  /** The rows of these subjects as this process reads them, and one that it writes. */
  async readAndWrite({ store, subjects, written }) {
    await store.compareAndSwap(written.subject, null, written)
    return Promise.all(subjects.map((subject) => store.read(subject)))
  },

  /** Every promise of a store, in this process's own time zone. Returns the broken ones. */
  async contract({ store, loaded }) {
    const broken = []
    for (const { title, run } of loaded.storeContract(() => Promise.resolve({ store }))) {
      await run().catch((error) => broken.push(`${title}: ${error.message}`))
    }
    return broken
  },

  /** Holds SQLite's only write lock until told to let go. */
  async holdLock({ sequelize }) {
    const transaction = await sequelize.transaction({ type: 'IMMEDIATE' })
    process.send({ reported: 'locked' })
    await new Promise((resolve) => process.once('message', resolve))
    await transaction.commit()
  },
}

/** A store whose process is killed at a swap, before it or when it has held. */
function dying(store, dieAt) {
  return {
    ...store,
    async compareAndSwap(...swap) {
      if (dieAt === 'before the write') die()
      const held = await store.compareAndSwap(...swap)
      if (dieAt === 'after the write') die()
      return held
    },
  }
}

doJobs(async ({ job, store: { kind, ...where }, ...input }) => {
  const { close, ...opened } = await openers[kind](where)
  await opened.store.read('a read that opens the connection')
  const loaded = await modules[job]?.()
  return { run: () => jobs[job]({ ...opened, ...input, loaded }), close }
})
