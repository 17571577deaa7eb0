/** Shared by the benchmarks of limits on messages: counts in each store, and a factor with limits on them. */

import { redisCounts } from '../../dist/adapters/redis/index.js'
import { sequelizeCounts } from '../../dist/adapters/sequelize/index.js'
import { forSubject, memoryCounts } from '../../dist/index.js'
import { createFactor } from './second-factor.mjs'

const only = process.env.BENCH_STORES?.split(',')

/** True for the stores that `BENCH_STORES` names; without it, for all. */
export function isWanted(name) {
  return only === undefined || only.includes(name)
}

/** Limits that nobody reaches, so that each message is counted on all of its counters. */
export const wide = {
  ...{ phone: { newPerDay: 1e6, newPerWeek: 1e6, perDay: 1e6 }, account: { perDay: 1e6 } },
  ...{ network: { perHour: 1e6, perDay: 1e6 }, prefix: { perHour: 1e6, perDay: 1e6 } },
}

/** Limits that all messages share. */
export const shared = {
  ...{ country: { perDay: 1e6 }, application: { perHour: 1e6, perDay: 1e6 } },
  spend: { perDay: 1e6, currency: 'USD', price: { '*': 0.01 } },
}

/** A user as a target of class `new`. */
export function targetOf({ id, phone }) {
  return forSubject(id, phone)
}

/** A busy machine must not pass for counts that do not answer, which would refuse. */
export function limitsOf(counts, rules) {
  return { counts, rules, timeoutSeconds: 60 }
}

/** A factor whose users are `known`, unless a start says otherwise. */
export function factorOn(store, options, sent = () => undefined) {
  return createFactor(store, sent, {
    ...options,
    events: { emit: () => undefined },
    users: {
      id: (user) => user.id,
      phone: ({ phone }) => ({ number: phone, verified: true }),
    },
  })
}

/** Counts beside the store, in a table or under keys of their own; `label` sets several apart. */
export async function openCounts({ sequelize, client, keyPrefix, tableName }, label = 'counts') {
  if (client !== undefined) {
    const sendCommand = (_key, args) => client.sendCommand([...args])
    return redisCounts({
      sendCommand,
      keyPrefix: `${keyPrefix}${label}:`,
      acceptEviction: true,
    })
  }
  if (sequelize === undefined) return memoryCounts()
  const counts = sequelizeCounts({ sequelize, tableName: `${tableName}_${label}` })
  await counts.sync()
  return counts
}

export async function closeCounts({ sequelize, tableName }, label = 'counts') {
  if (sequelize !== undefined) await sequelize.query(`DROP TABLE ${tableName}_${label}`)
}
