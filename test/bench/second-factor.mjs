/** What the benchmarks work with: flows on a store, on a scratch SQLite file or in memory. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Sequelize } from 'sequelize'

import { createSecondFactor } from '../../dist/index.js'
import { sequelizeStore, tuneSqlite } from '../../dist/adapters/sequelize/index.js'

const number = '+237671234567'

/** A scratch folder, and how to be rid of it. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'second-factor-bench-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** An SQLite file in WAL mode with the table made. */
export async function openSqlite(storage) {
  const sequelize = tuneSqlite(new Sequelize({ dialect: 'sqlite', storage, logging: false }))
  const store = sequelizeStore({ sequelize })
  await store.sync()
  return { sequelize, store }
}

/** A second factor on a store, with a sender that keeps the last code of each number. */
export function secondFactorOn(store, options = {}) {
  const codes = new Map()
  const secondFactor = createSecondFactor({
    secret: 'a secret for benchmarks, of 32 bytes at least',
    store,
    sender: {
      channel: 'sms',
      send({ to, code }) {
        codes.set(to, code.reveal())
        return Promise.resolve({ status: 'sent' })
      },
    },
    users: { id: (user) => user.id, phone: (user) => user.phone ?? number },
    // Every round sends anew: the waits between messages are not what is measured.
    policy: { sendsPerDay: 1_000_000, standards: 'relaxed' },
    ...options,
  })
  return {
    secondFactor,
    codeOf: (user) => codes.get(user.phone ?? number),
  }
}

/** A user's whole round: a code is sent, a wrong one is typed, then the right one. */
export async function round({ secondFactor, codeOf }, user) {
  const started = await secondFactor.start(user)
  if (started.status !== 'pending') throw new Error(`start: ${started.code}`)
  const right = codeOf(user)
  const wrong = right === '000000' ? '000001' : '000000'
  await secondFactor.verify(user, wrong)
  const passed = await secondFactor.verify(user, right)
  if (passed.status !== 'passed') throw new Error(`verify: ${passed.code}`)
}

/** Users with numbers of their own. */
export function users(count) {
  return Array.from({ length: count }, (_each, index) => ({
    id: `user-${index}`,
    phone: `+1415555${String(index % 10_000).padStart(4, '0')}`,
  }))
}
