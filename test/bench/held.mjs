/** Verifying held factors compared with a code that was sent: store calls and time, on SQLite, one at a time. */

import { join } from 'node:path'

import { generateSync } from 'otplib'

import { createSecondFactor, recoveryCodes, totp } from '../../dist/index.js'
import { inLanes, medians, each, ratio } from './measure.mjs'
import { expect, openSqlite, scratch, userAt } from './second-factor.mjs'

const people = Array.from({ length: 200 }, (_, index) => userAt(index))
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
const reason = { actor: 'bench', reason: 'bench' }

export async function* held() {
  const { folder, remove } = scratch()
  let files = 0
  const open = () => openSqlite(join(folder, `${(files += 1)}.sqlite`))
  try {
    yield await callsOfEach(open)
    const seconds = await medians(candidates(open), 5)
    for (const [name, taken] of Object.entries(seconds)) {
      yield `${name}: ${each(people.length, taken)}, ${ratio(taken / seconds.sms)} of a code by SMS`
    }
  } finally {
    remove()
  }
}

function candidates(open) {
  return Object.fromEntries(
    Object.entries(kinds).map(([name, prepare]) => [
      name,
      {
        async prepare() {
          const { store, close } = await open()
          return { close, verifyAll: await prepare(system(store)) }
        },
        run: ({ verifyAll }) => inLanes(people.length, 1, verifyAll),
        finish: ({ close }) => close(),
      },
    ]),
  )
}

/** Each makes what is verified, and returns what verifies it for one of the people. */
const kinds = {
  async sms({ factor, sent }) {
    for (const user of people) await factor.start(user, { method: 'sms' })
    return (index) => pass(factor, index, { method: 'sms' }, sent.get(people[index].phone))
  },
  async totp({ factor, clock }) {
    for (const user of people) await factor.importTotp(user, secret)
    const code = generateSync({ secret, epoch: Math.floor(clock.now / 1000) })
    return (index) => pass(factor, index, { method: 'totp' }, code)
  },
  async 'recovery-code'({ factor }) {
    const tickets = []
    for (const user of people) tickets.push(await factor.resetFactors(user, reason))
    return (index) => pass(factor, index, { method: 'recovery-code' }, tickets[index].code)
  },
}

async function pass(factor, index, options, code) {
  const { status } = await factor.verify(people[index], code, options)
  expect('passed', status)
}

function system(store) {
  const clock = { now: Date.now() }
  const sent = new Map()
  const sender = {
    channel: 'sms',
    send({ to, code }) {
      sent.set(to, code.reveal())
      return Promise.resolve({ status: 'sent' })
    },
  }
  const factor = createSecondFactor({
    secret: 'a secret for benchmarks, of 32 bytes at least',
    ...{ store, sender, clock: () => clock.now },
    users: { id: (user) => user.id, phone: (user) => user.phone },
    factors: [totp(), recoveryCodes()],
  })
  return { factor, sent, clock }
}

/** Reads and writes of one verify. */
async function callsOfEach(open) {
  const counts = []
  for (const [name, prepare] of Object.entries(kinds)) {
    const { store, close } = await open()
    const calls = { read: 0, write: 0 }
    const counted = {
      ...store,
      read: (...args) => ((calls.read += 1), store.read(...args)),
      compareAndSwap: (...args) => ((calls.write += 1), store.compareAndSwap(...args)),
    }
    const verifyAll = await prepare(system(counted))
    Object.assign(calls, { read: 0, write: 0 })
    await verifyAll(0)
    counts.push(`${name} ${calls.read} read, ${calls.write} write`)
    await close()
  }
  return counts.join('; ')
}
