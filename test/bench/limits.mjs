/**
 * What limits on sends cost a start, against a start without any: for phones that sign in, for new ones, with every rule
 * on, and where a full counter refuses. `BENCH_TINY=1` runs a hundredth of it, to see that it runs.
 */

import { redisCounts } from '../../dist/adapters/redis/index.js'
import { sequelizeCounts } from '../../dist/adapters/sequelize/index.js'
import { forSubject, memoryCounts } from '../../dist/index.js'
import { inLanes, medians, perSecond, ratio } from './measure.mjs'
import { createFactor, expect, scratch, userAt } from './second-factor.mjs'
import { stores } from './services.mjs'

const tiny = process.env.BENCH_TINY === '1'
const starts = tiny ? 20 : 1_000
const rounds = tiny ? 1 : 5
const lanes = tiny ? [8] : [16, 64]

/** Limits that nobody reaches, so that each message is counted on all of its counters. */
const wide = {
  ...{ phone: { newPerDay: 1e6, newPerWeek: 1e6, perDay: 1e6 }, account: { perDay: 1e6 } },
  ...{ network: { perHour: 1e6, perDay: 1e6 }, prefix: { perHour: 1e6, perDay: 1e6 } },
}

const shared = {
  ...{ country: { perDay: 1e6 }, application: { perHour: 1e6, perDay: 1e6, newShare: 1 } },
  spend: { perDay: 1e6, currency: 'USD', price: { '*': 0.01 }, newShare: 1 },
}

export async function* limits() {
  const { folder, remove } = scratch()
  try {
    for (const [name, open] of Object.entries(await stores(folder))) {
      for (const atOnce of lanes) {
        const opened = await open()
        const counts = await openCounts(opened)
        const full = { ...wide, application: { perDay: 1 } }
        const measured = await medians(
          {
            without: starter(opened.store, atOnce, {}),
            known: starter(opened.store, atOnce, { limits: { counts, rules: wide } }, knownUser),
            new: starter(opened.store, atOnce, { limits: { counts, rules: wide } }),
            all: starter(opened.store, atOnce, {
              limits: { counts, rules: { ...wide, ...shared } },
            }),
            refused: starter(opened.store, atOnce, { limits: { counts, rules: full } }),
          },
          rounds,
        )
        const { without } = measured
        const parts = Object.entries(measured).map(([candidate, seconds]) => {
          return `${candidate} ${perSecond(starts, seconds)} (${ratio(seconds / without)})`
        })
        yield `${name}, ${atOnce} at a time: ${parts.join(', ')}`
        await closeCounts(opened)
        await opened.close()
      }
    }
  } finally {
    remove()
  }
}

let next = 0

/** Starts of somebody new each, of class `new` unless `target` says otherwise. */
function starter(store, atOnce, options, target = ({ id, phone }) => forSubject(id, phone)) {
  const factor = createFactor(store, () => undefined, {
    ...options,
    events: { emit: () => undefined },
    users: {
      id: (user) => user.id,
      phone: ({ phone }) => ({ number: phone, verified: true }),
    },
  })
  return {
    run: () =>
      inLanes(starts, atOnce, async () => {
        next += 1
        // Phones far apart: those in a row would all wait for the counter of their prefix.
        const answer = await factor.start(target(userAt((next * 10_007) % 10_000_000)))
        const isRefused = answer.status === 'refused'
        if (isRefused) expect('send_limit', answer.code)
      }),
  }
}

function knownUser(user) {
  return user
}

async function openCounts({ sequelize, client, keyPrefix, tableName }) {
  if (client !== undefined) {
    const sendCommand = (_key, args) => client.sendCommand([...args])
    return redisCounts({ sendCommand, keyPrefix, acceptEviction: true })
  }
  if (sequelize === undefined) return memoryCounts()
  const counts = sequelizeCounts({ sequelize, tableName: `${tableName}_counts` })
  await counts.sync()
  return counts
}

async function closeCounts({ sequelize, tableName }) {
  if (sequelize !== undefined) await sequelize.query(`DROP TABLE ${tableName}_counts`)
}
