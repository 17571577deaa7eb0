/** Shared by the benchmarks: flows on a store, on a scratch SQLite file or in memory. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Sequelize } from 'sequelize'

import { createSecondFactor } from '../../dist/index.js'
import { sequelizeStore, tuneSqlite } from '../../dist/adapters/sequelize/index.js'

/** A scratch folder, and how to be rid of it. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), 'second-factor-bench-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** An SQLite file in WAL mode, with the table made. */
export async function openSqlite(storage) {
  const tableName = 'second_factor_states'
  const sequelize = tuneSqlite(new Sequelize({ dialect: 'sqlite', storage, logging: false }))
  const store = sequelizeStore({ sequelize, tableName })
  await store.sync()
  return { sequelize, store, tableName, close: () => sequelize.close() }
}

/** A second factor on a store; `sent` is called with each code. */
export function createFactor(store, sent, options = {}) {
  return createSecondFactor({
    secret: 'a secret for benchmarks, of 32 bytes at least',
    store,
    sender: {
      channel: 'sms',
      send({ to, code }) {
        sent(to, code.reveal())
        return Promise.resolve({ status: 'sent' })
      },
    },
    users: { id: (user) => user.id, phone: (user) => user.phone },
    // A user comes back more often here than the budget of a day allows.
    policy: { sendsPerDay: 1_000_000, standards: 'relaxed' },
    ...options,
  })
}

/** A second factor on a store, without HTTP: `start` returns the code, `verify` the outcome. */
export function headlessCalls(store, options = {}) {
  const codes = new Map()
  const factor = createFactor(store, (to, code) => codes.set(to, code), options)
  return {
    async start(user) {
      const started = await factor.start(user)
      if (started.status !== 'pending') throw new Error(`start: ${started.code}`)
      return codes.get(user.phone)
    },
    async verify(user, code) {
      const answer = await factor.verify(user, code)
      return answer.status === 'passed' ? 'passed' : answer.code
    },
  }
}

/** A user's whole round: a code is sent, a wrong code is typed, then the right one. */
export async function round({ start, verify }, user) {
  const code = await start(user)
  expect('code_incorrect', await verify(user, wrongFor(code)))
  expect('passed', await verify(user, code))
}

/** A benchmark that measures something else than it says must not go on. */
export function expect(expected, found) {
  if (expected !== found) throw new Error(`expected ${expected}, not ${found}`)
}

/** A well-formed code that is not this one. */
export function wrongFor(code) {
  return code === '000000' ? '000001' : '000000'
}

/** One of ten million users, each with a phone of their own. */
export function userAt(index) {
  return { id: `user-${index}`, phone: `+23767${String(index).padStart(7, '0')}` }
}
