/** The contract's cases about counts: windows, limits and concurrent takers. */

import assert from 'node:assert/strict'

import { newId } from '../core/random.js'
import type {
  Addition,
  Bucket,
  CountStore,
  CountSums,
  CountWindows,
  Take,
} from '../ports/count-store.js'
import { inParallel } from './contract-fixtures.js'

/** A case of the contract, which runs on any counts. */
export interface CountCase {
  readonly title: string
  readonly run: (counts: CountStore) => Promise<void>
}

/** A bucket far ahead, which no application has used. */
const now: Bucket = 4_000_000

/** The windows that the limits use, ending at a bucket. */
function windowsAt(bucket: Bucket, beside: Bucket | null = null): CountWindows {
  return { now: bucket, beside, hour: bucket - 6, day: bucket - 144, week: bucket - 1_008 }
}

function fresh(label: string): string {
  return `${label}:${newId()}`
}

function addition(counter: string, units = 1, bucket = now): Addition {
  return { counter, units, bucket, keepUntil: bucket + 1_100 }
}

function take(counter: string, room: number | null, units = 1, bucket = now): Take {
  return { ...addition(counter, units, bucket), room, isHold: false }
}

const none: CountSums = { now: 0, beside: 0, hour: 0, day: 0, week: 0 }

function hasUnits(sums: CountSums): boolean {
  return Object.values(sums).some((units) => units !== 0)
}

async function sumsOf(counts: CountStore, counter: string, at = now): Promise<CountSums> {
  const sums = await counts.sums([counter], windowsAt(at))
  return sums.get(counter) ?? none
}

export const countCases: readonly CountCase[] = [
  {
    title: 'an unused counter has no units',
    async run(counts) {
      assert.deepEqual(await sumsOf(counts, fresh('n')), none)
      assert.deepEqual(await counts.series([fresh('n')], 0), [])
      assert.deepEqual([...(await counts.sums([], windowsAt(now)))], [])
    },
  },
  {
    title: 'a window includes its first bucket and all later ones, even ones ahead of the clock',
    async run(counts) {
      const counter = fresh('n')
      const buckets = [-1_009, -1_008, -145, -144, -7, -6, 0, 2].map((offset) => now + offset)
      for (const [index, bucket] of buckets.entries()) {
        await counts.add([addition(counter, 10 ** index, bucket)])
      }
      assert.deepEqual(await sumsOf(counts, counter), {
        now: 1_000_000,
        beside: 0,
        hour: 11_100_000,
        day: 11_111_000,
        week: 11_111_110,
      })
      const series = await counts.series([counter], now - 144)
      const found = series.map(({ bucket, units }) => [bucket, units])
      const expected = buckets.map((bucket, index) => [bucket, 10 ** index]).slice(3)
      assert.deepEqual(
        found.toSorted(([a = 0], [b = 0]) => a - b),
        expected,
      )
      assert.deepEqual(new Set(series.map((each) => each.counter)), new Set([counter]))
    },
  },
  {
    title: 'counters that differ in a single byte are different, and are read together',
    async run(counts) {
      const id = newId()
      const counters = [`n:${id}a`, `n:${id}A`, `~~${id}`, `p:+${id}`].toSorted()
      await counts.add(counters.map((counter, index) => addition(counter, index + 1)))
      const sums = await counts.sums(counters, windowsAt(now))
      assert.deepEqual(
        counters.map((counter) => sums.get(counter)?.hour),
        [1, 2, 3, 4],
      )
    },
  },
  {
    title: 'a take never exceeds its room, to the unit',
    async run(counts) {
      const counter = fresh('n')
      assert.deepEqual(await counts.take([take(counter, 5, 3)]), [])
      assert.deepEqual(await counts.take([take(counter, 5, 3)]), [counter])
      assert.deepEqual(await counts.take([take(counter, 5, 2)]), [])
      assert.deepEqual(await counts.take([take(counter, 5)]), [counter])
      assert.deepEqual(await counts.take([take(counter, null)]), [])
      assert.equal((await sumsOf(counts, counter)).now, 6)
      assert.deepEqual(await counts.take([]), [])
    },
  },
  {
    title: 'a take on a full counter takes nothing from the others',
    async run(counts) {
      const [full, other] = [fresh('a'), fresh('b')]
      await counts.add([addition(full)])
      for (let n = 0; n < 20; n += 1) {
        assert.deepEqual(await counts.take([take(full, 1), take(other, 100)]), [full])
      }
      assert.equal((await sumsOf(counts, other)).week, 0)
      assert.equal((await sumsOf(counts, full)).week, 1)
    },
  },
  {
    title: 'released units can be taken again, and no more than were taken',
    async run(counts) {
      const counter = fresh('n')
      await counts.take([take(counter, 2, 2)])
      await counts.release([take(counter, null)])
      assert.equal((await sumsOf(counts, counter)).now, 1)
      await counts.release([take(counter, null, 5), take(fresh('n'), null)])
      assert.equal((await sumsOf(counts, counter)).now, 0)
      assert.deepEqual(await counts.take([take(counter, 1)]), [])
      assert.deepEqual(await counts.take([take(counter, 1)]), [counter])
    },
  },
  {
    title: 'units that are held in the neighbouring bucket take room there, but count only once',
    async run(counts) {
      const counter = fresh('n')
      const held = { ...take(counter, 3, 1, now - 1), isHold: true }
      const both = [held, take(counter, 3)]
      assert.deepEqual(await counts.take(both), [])
      assert.deepEqual(await counts.take(both), [])
      const sums = await counts.sums([counter], windowsAt(now, now - 1))
      assert.deepEqual(sums.get(counter), { now: 2, beside: 2, hour: 2, day: 2, week: 2 })
      const series = await counts.series([counter], now - 144)
      assert.deepEqual(series, [{ counter, bucket: now, units: 2 }])
      assert.deepEqual(await counts.take([take(counter, 3, 2, now - 1)]), [counter])
      assert.deepEqual(await counts.take([take(counter, 3, 1, now - 1)]), [])
      assert.deepEqual(await counts.take(both), [counter])
      await counts.release(both)
      const after = await counts.sums([counter], windowsAt(now, now - 1))
      assert.deepEqual(after.get(counter), { now: 1, beside: 2, hour: 2, day: 2, week: 2 })
      assert.deepEqual(await counts.take(both), [])
    },
  },
  {
    title: 'large sums, such as of money, are exact',
    async run(counts) {
      const counter = fresh('m')
      const units = 79_999_999_999
      for (let n = 0; n < 3; n += 1) await counts.add([addition(counter, units, now - n)])
      assert.equal((await sumsOf(counts, counter)).hour, 3 * units)
      assert.deepEqual(await counts.take([take(counter, 2 * units - 1, units)]), [counter])
      assert.deepEqual(await counts.take([take(counter, 2 * units, units)]), [])
    },
  },
  {
    title: '128 concurrent takers get exactly the room, and the other counters count the same',
    async run(counts) {
      const [first, shared, last] = [fresh('a'), fresh('b'), fresh('~')]
      const answers = await inParallel(128, () => {
        return counts.take([take(first, 1_000), take(shared, 40), take(last, null)])
      })
      const taken = answers.filter((full) => full.length === 0).length
      assert.equal(taken, 40)
      const held = await Promise.all([first, shared, last].map((each) => sumsOf(counts, each)))
      assert.deepEqual(
        held.map((sums) => sums.now),
        [40, 40, 40],
      )
    },
  },
  {
    title: 'concurrent takers of different counters all succeed, without a deadlock',
    async run(counts) {
      const names = Array.from({ length: 6 }, (_none, index) => fresh(String(index)))
      const answers = await inParallel(120, (n) => {
        const own = names.filter(
          (_name, index) => ((n >> (index % 3)) & 1) === 0 || index === n % 6,
        )
        return counts.take(own.map((counter) => take(counter, null)))
      })
      assert.deepEqual(new Set(answers.map((full) => full.length)), new Set([0]))
    },
  },
  {
    title: 'forget, if the counts have it, removes all buckets of its counters and nothing else',
    async run(counts) {
      if (counts.forget === undefined) return
      const [first, second, other] = [fresh('n'), fresh('N'), fresh('n')]
      const held = { ...take(first, 5, 1, now - 1), isHold: true }
      await counts.take([held, take(first, 5, 2)])
      await counts.add([addition(first, 1, now - 500), addition(second), addition(other)])
      await counts.forget([first, second, fresh('n')])
      assert.deepEqual(await counts.series([first, second], 0), [])
      const sums = await counts.sums([first, second], windowsAt(now, now - 1))
      assert.deepEqual([...sums.values()].filter(hasUnits), [])
      assert.equal((await sumsOf(counts, other)).now, 1)
      // A message that was on its way gives back units that are gone.
      await counts.release([held, take(first, null, 2)])
      assert.deepEqual(await counts.take([take(first, 1)]), [])
      assert.deepEqual(await counts.take([take(first, 1)]), [first])
      await counts.forget([])
    },
  },
  {
    title: 'prune, if the counts have it, removes expired buckets and nothing else',
    async run(counts) {
      if (counts.prune === undefined) return
      const [old, young] = [fresh('n'), fresh('n')]
      await counts.add([{ ...addition(old, 1, 1_000), keepUntil: 1_200 }])
      await counts.add([{ ...addition(young, 1, 1_000), keepUntil: 1_201 }])
      while ((await counts.prune(1_200)) > 0);
      assert.equal((await sumsOf(counts, old, 1_000)).now, 0)
      assert.equal((await sumsOf(counts, young, 1_000)).now, 1)
    },
  },
]
