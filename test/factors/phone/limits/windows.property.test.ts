/** No hour exceeds its limit, whenever messages come and whichever process counts them at a bucket boundary. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import type { BoundedCounts } from '../../../../src/factors/phone/limits/bounded-counts.js'
import type { Budget } from '../../../../src/factors/phone/limits/counters.js'
import { findFull } from '../../../../src/factors/phone/limits/findings.js'
import { takeUnits } from '../../../../src/factors/phone/limits/take-units.js'
import { windowsAt } from '../../../../src/factors/phone/limits/windows.js'
import type { CountStore } from '../../../../src/ports/count-store.js'
import { minute, second, t0 } from '../../../support/clock.js'

const limit = 5

const budget: Budget = {
  rule: 'application',
  counter: '~~',
  caps: [{ window: 'hour', limit }],
  units: 1,
  action: 'refuse',
}

/** Counts whose faults reach the test. */
function bounded(store: CountStore): BoundedCounts {
  return {
    ask: (work) => work(store),
    try: async (work) => {
      await work(store)
    },
    prune: () => undefined,
  }
}

/** One process that sends at its own time, and whether it may. */
async function attempt(store: CountStore, now: number): Promise<boolean> {
  const sums = await store.sums([budget.counter], windowsAt(now))
  if (findFull([budget], sums).length > 0) return false
  const deps = { counts: bounded(store), clock: () => now }
  return (await takeUnits(deps, [budget], sums, now)).status === 'taken'
}

test('with messages at any times, no sixty minutes exceed the limit', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 4 * 60 * minute }), { maxLength: 80 })
  await fc.assert(
    fc.asyncProperty(times, async (offsets) => {
      const store = memoryCounts()
      const sent: number[] = []
      for (const offset of offsets.toSorted((a, b) => a - b)) {
        if (await attempt(store, t0 + offset)) sent.push(offset)
      }
      for (const first of sent) {
        const within = sent.filter((at) => at >= first && at < first + 60 * minute)
        expect(within.length).toBeLessThanOrEqual(limit)
      }
      // Nobody waits for more than ten minutes beyond the hour.
      const last = sent.at(-1)
      const later = t0 + (last ?? 0) + 70 * minute
      expect(await attempt(store, later)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

test('processes on both sides of a bucket boundary, in any interleaving, send exactly the limit', async () => {
  const skewed = fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 8, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), skewed, async (scheduler, seconds) => {
      const counts = memoryCounts()
      const store: CountStore = {
        ...counts,
        sums: scheduler.scheduleFunction((...asked) => counts.sums(...asked)),
        take: scheduler.scheduleFunction((takes) => counts.take(takes)),
        release: scheduler.scheduleFunction((takes) => counts.release(takes)),
      }
      const edge = t0 + 24 * 60 * minute
      const all = Promise.all(seconds.map((each) => attempt(store, edge + each * second)))
      await scheduler.waitFor(all)
      expect((await all).filter(Boolean).length).toBe(limit)
    }),
    { numRuns: 500 },
  )
})
