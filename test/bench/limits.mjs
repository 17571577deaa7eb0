/**
 * The cost of send limits for a start, against a start without any: for phones that sign in, for new ones, with every
 * rule on, and when a full counter refuses; and their cost for a verification. `BENCH_TINY=1` runs a hundredth of it
 * as a smoke test, and `BENCH_STORES=PostgreSQL,Redis` only those stores.
 */

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
import { stores } from './services.mjs'

const starts = tiny ? 20 : 1_000
const rounds = 5
const lanes = tiny ? [8] : [16, 64]

export async function* limits() {
  const { folder, remove } = scratch()
  try {
    for (const [name, open] of Object.entries(await stores(folder))) {
      if (!isWanted(name)) continue
      for (const atOnce of lanes) {
        const opened = await open()
        const counts = await openCounts(opened)
        const starting = await medians(startsOn(opened.store, counts, atOnce), rounds)
        yield `${name}, ${atOnce} starts at a time: ${against(starting)}`
        const verifying = await medians(verificationsOn(opened.store, counts, atOnce), rounds)
        yield `${name}, ${atOnce} verifications at a time: ${against(verifying)}`
        await closeCounts(opened)
        await opened.close()
      }
    }
  } finally {
    remove()
  }
}

function against(seconds) {
  const parts = Object.entries(seconds).map(([candidate, taken]) => {
    return `${candidate} ${perSecond(starts, taken)} (${ratio(taken / seconds.without)})`
  })
  return parts.join(', ')
}

function startsOn(store, counts, atOnce) {
  const full = { ...wide, application: { perDay: 1 } }
  const limited = (rules) => ({ limits: limitsOf(counts, rules) })
  const known = (user) => user
  return {
    without: starter(store, atOnce, {}),
    known: starter(store, atOnce, limited(wide), known),
    new: starter(store, atOnce, limited(wide)),
    all: starter(store, atOnce, limited({ ...wide, ...shared })),
    refused: starter(store, atOnce, limited(full)),
  }
}

let next = 0

/** Starts of somebody new each, of class `new` unless `target` says otherwise. */
function starter(store, atOnce, options, target = targetOf) {
  const factor = factorOn(store, options)
  return {
    run: () =>
      inLanes(starts, atOnce, async () => {
        const answer = await factor.start(target(somebody()))
        if (answer.status === 'refused') expect('send_limit', answer.code)
      }),
    finish: () => factor.close(),
  }
}

/** Right codes to new phones, which the limits count; what is left of a second is written outside the time. */
function verificationsOn(store, counts, atOnce) {
  const verifier = (options) => {
    const codes = new Map()
    const factor = factorOn(store, options, (phone, code) => codes.set(phone, code))
    return {
      async prepare() {
        const people = Array.from({ length: starts }, somebody)
        await inLanes(starts, atOnce, async (index) =>
          expect('pending', (await factor.start(targetOf(people[index]))).status),
        )
        await factor.close()
        return people
      },
      run: (people) =>
        inLanes(starts, atOnce, async (index) => {
          const code = codes.get(people[index].phone)
          expect('passed', (await factor.verify(targetOf(people[index]), code)).status)
        }),
      finish: () => factor.close(),
    }
  }
  return { without: verifier({}), limited: verifier({ limits: limitsOf(counts, wide) }) }
}

/** Phones far apart: those in a row would all wait for the counter of their prefix. */
function somebody() {
  next += 1
  return userAt((next * 10_007) % 10_000_000)
}
