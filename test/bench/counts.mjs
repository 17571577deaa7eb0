/**
 * What limits on messages keep, and what that costs: starts whose counters hold the buckets of a whole day, against
 * counters without old buckets; rows and bytes of a message; and the time that outcomes take to be written.
 * `BENCH_STORES=PostgreSQL,Redis` measures only those stores.
 */

import { memoryCounts, memoryStore } from '../../dist/index.js'
import {
  closeCounts,
  factorOn,
  isWanted,
  limitsOf,
  openCounts,
  shared,
  targetOf,
  wide,
} from './limited.mjs'
import { inLanes, medians, perSecond, ratio, tiny } from './measure.mjs'
import { expect, scratch, userAt } from './second-factor.mjs'
import { storedBytes, stores } from './services.mjs'

const lanes = tiny ? 8 : 16
const rounds = 5
const starts = tiny ? 20 : 400
const messages = tiny ? 50 : 5_000
const flushes = tiny ? 1 : 10

/** Buckets of ten minutes before the current one. */
const bucketsOfDay = 144

/** The most outcomes that one write holds. */
const outcomesAtOnce = 200

/** The rule `unverified` reads each prefix once in ten minutes, which short runs would show as if it were often. */
const unread = { unverified: { action: 'off' } }

const classes = {
  known: { rules: wide, target: (user) => user },
  new: { rules: wide, target: targetOf },
  'new, all rules': { rules: { ...wide, ...shared }, target: targetOf },
}

export async function* counts() {
  const { folder, remove } = scratch()
  try {
    for (const [name, open] of Object.entries(await stores(folder))) {
      if (!isWanted(name)) continue
      yield* ageing(name, open)
      if (name !== 'memory') yield* keeping(name, open)
      yield await flushing(name, open)
    }
  } finally {
    remove()
  }
}

/** Starts of the same people again and again, with a day's buckets on every counter and with none. */
async function* ageing(name, open) {
  const people = Array.from({ length: starts }, (_none, index) => personAt(index))
  for (const [what, each] of Object.entries(classes)) {
    const opened = await open()
    const candidates = {}
    for (const label of ['none', 'day']) {
      const counts = await openCounts(opened, label)
      if (label === 'day') await age(counts, await countersOf(each, people))
      const factor = limited(opened.store, counts, { ...each.rules, ...unread })
      candidates[label] = {
        // Otherwise they would have to wait before the next message.
        prepare: () => inLanes(starts, lanes, (index) => opened.store.delete(people[index].id)),
        run: () => startAll(factor, people, each.target),
        finish: () => factor.close(),
      }
    }
    const { none, day } = await medians(candidates, rounds)
    yield `${name}, ${what}: ${perSecond(starts, none)} without old buckets, ${perSecond(starts, day)} with ${bucketsOfDay} on each counter (${ratio(day / none)})`
    for (const label of ['none', 'day']) await closeCounts(opened, label)
    await opened.close()
  }
}

/** The counters that these people's messages are counted on. */
async function countersOf({ rules, target }, people) {
  const { counts, kept } = watched(memoryCounts())
  await startAll(limited(memoryStore(), counts, rules), people, target)
  return [...new Set([...kept.values()].map(({ counter }) => counter))].toSorted()
}

/** Fills the day before. Sorted by counter and bucket, as takes and outcomes are. */
async function age(counts, counters) {
  const bucket = Math.floor(Date.now() / 600_000)
  const rows = counters.flatMap((counter) =>
    Array.from({ length: bucketsOfDay }, (_none, index) => {
      const old = bucket - bucketsOfDay + index
      return { counter, bucket: old, units: 1, keepUntil: old + 1_152 }
    }),
  )
  for (let from = 0; from < rows.length; from += 1_024)
    await counts.add(rows.slice(from, from + 1_024))
}

/** Rows and bytes that messages add, to phones of which five share a prefix. */
async function* keeping(name, open) {
  for (const [what, { rules, target }] of Object.entries(classes)) {
    const opened = await open()
    const { counts, kept } = watched(await openCounts(opened))
    const table = { ...opened, tableName: `${opened.tableName}_counts` }
    const before = await storedBytes(name, table)
    const codes = new Map()
    const factor = limited(memoryStore(), counts, rules, (phone, code) => codes.set(phone, code))
    await inLanes(messages, lanes, async (index) => {
      const person = target(personAt(index))
      expect('pending', (await factor.start(person)).status)
      expect('passed', (await factor.verify(person, codes.get(personAt(index).phone))).status)
    })
    await factor.close()
    // Earlier versions of rows stay in PostgreSQL until it tidies up.
    if (name === 'PostgreSQL') await opened.sequelize.query(`VACUUM FULL ${table.tableName}`)
    const grown = (await storedBytes(name, table)) - before
    yield `${name}, ${what}: ${ratio(kept.size / messages)} rows and ${Math.round(grown / messages)} bytes a message whose code was entered`
    await closeCounts(opened)
    await opened.close()
  }
}

/** Writes of outcomes, one after the other as a process makes them: on new rows, and on rows that are there. */
async function flushing(name, open) {
  const opened = await open()
  const counts = await openCounts(opened)
  const bucket = Math.floor(Date.now() / 600_000)
  let batches = 0
  const outcomes = (batch) =>
    Array.from({ length: outcomesAtOnce }, (_none, index) => {
      const counter = `p:+${10_000_000 + batch * outcomesAtOnce + index}|v`
      return { counter, bucket, units: 1, keepUntil: bucket + 156 }
    })
  const again = outcomes((batches += 1))
  await counts.add(again)
  const writing = (next) => ({
    async run() {
      for (let each = 0; each < flushes; each += 1) await counts.add(next())
    },
  })
  const seconds = await medians(
    { added: writing(() => outcomes((batches += 1))), again: writing(() => again) },
    rounds,
  )
  const [added, changed] = [seconds.added, seconds.again].map((taken) =>
    ((taken / flushes) * 1e3).toFixed(1),
  )
  await closeCounts(opened)
  await opened.close()
  return `${name}: ${outcomesAtOnce} outcomes are written in ${added} ms on new rows, in ${changed} ms on rows that are there`
}

function limited(store, counts, rules, sent) {
  return factorOn(store, { limits: limitsOf(counts, rules) }, sent)
}

async function startAll(factor, people, target) {
  await inLanes(people.length, lanes, async (index) =>
    expect('pending', (await factor.start(target(people[index]))).status),
  )
}

/** Keeps every row that is written. */
function watched(counts) {
  const kept = new Map()
  const keep = (rows) => {
    for (const row of rows) kept.set(`${row.counter} ${row.bucket}`, row)
  }
  const watching = {
    ...counts,
    take(takes) {
      keep(takes)
      return counts.take(takes)
    },
    add(additions) {
      keep(additions)
      return counts.add(additions)
    },
  }
  return { counts: watching, kept }
}

/** Phones far apart: the first thousand have a prefix each, and then they share it. */
function personAt(index) {
  return userAt((index * 10_007) % 10_000_000)
}
