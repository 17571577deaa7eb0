/** Messages that are sent at once share one read of the counts, and none sees the sums of another. */

import { expect, test, vi } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import { joinedSums } from '../../../../src/factors/phone/limits/joined-sums.js'
import { windowsAt } from '../../../../src/factors/phone/limits/windows.js'
import type { CountSums, CountWindows } from '../../../../src/ports/count-store.js'
import { inParallel } from '../../../../src/testing/contract-fixtures.js'
import { minute, t0 } from '../../../support/clock.js'
import { openLimited, phoneInRow } from '../../../support/limited-rig.js'

const since = windowsAt(t0 + 5 * minute)

/** Reads that are recorded; every counter but the missing ones has as many units as its name has characters. */
function recorded() {
  const reads: (readonly string[])[] = []
  const read = joinedSums((counters, windows) => {
    reads.push(counters)
    const found = counters.filter((counter) => !counter.startsWith('missing'))
    return Promise.resolve(new Map(found.map((counter) => [counter, sumsOf(counter, windows)])))
  })
  return { reads, read }
}

function sumsOf(counter: string, { now: week }: CountWindows): CountSums {
  const units = counter.length
  return { now: units, beside: 0, hour: units, day: units, week }
}

test('reads of one turn are one, which names each counter once, and each gets its own sums', async () => {
  const { reads, read } = recorded()
  const [first, second, third] = await Promise.all([
    read(['n:1', '~~'], since),
    read(['n:22', 'missing', '~~'], since),
    read([], since),
  ])
  expect(reads).toEqual([['n:1', '~~', 'n:22', 'missing']])
  expect([...first.keys()]).toEqual(['n:1', '~~'])
  expect(second.get('n:22')?.now).toBe(4)
  expect([...second.keys()]).toEqual(['n:22', '~~'])
  expect(third.size).toBe(0)
})

test('a read that is requested later is another, and sees what was taken in between', async () => {
  const counts = memoryCounts()
  const read = joinedSums((counters, windows) => counts.sums(counters, windows))
  const counter = 'n:1'
  const before = read([counter], since)
  await counts.add([{ counter, units: 1, bucket: since.now, keepUntil: since.now + 9 }])
  expect((await before).get(counter)?.hour).toBe(1)
  await counts.add([{ counter, units: 1, bucket: since.now, keepUntil: since.now + 9 }])
  expect((await read([counter], since)).get(counter)?.hour).toBe(2)
})

test('messages on both sides of a bucket’s edge are read apart, each with its own windows', async () => {
  const { reads, read } = recorded()
  const next = windowsAt(t0 + 15 * minute)
  const nearby = { ...since, beside: since.now + 1 }
  const answers = await Promise.all([
    read(['n:1'], since),
    read(['n:1'], next),
    read(['n:1'], nearby),
    read(['n:2'], since),
  ])
  expect(reads).toEqual([['n:1', 'n:2'], ['n:1'], ['n:1']])
  expect(answers.map((sums) => [...sums.values()][0]?.week)).toEqual([
    ...[since.now, next.now, since.now, since.now],
  ])
})

test('a read names at most 64 counters', async () => {
  const { reads, read } = recorded()
  const answers = await inParallel(40, (n) => {
    return read(['~~', ...Array.from({ length: 5 }, (_none, index) => `n:${n} ${index}`)], since)
  })
  expect(answers.map((sums) => sums.size)).toEqual(Array.from({ length: 40 }, () => 6))
  expect(Math.max(...reads.map((counters) => counters.length))).toBeLessThanOrEqual(64)
  expect(reads.length).toBeLessThan(5)
})

test.each([
  ['rejects', () => Promise.reject(new Error('gone'))],
  [
    'throws',
    () => {
      throw new Error('gone')
    },
  ],
])('a read that %s fails for all of its messages, and not for later ones', async (_how, fail) => {
  let isGone = true
  const read = joinedSums(() => (isGone ? fail() : Promise.resolve(new Map())))
  const answers = await Promise.allSettled([read(['n:1'], since), read(['n:2'], since)])
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isGone = false
  expect((await read(['n:1'], since)).size).toBe(0)
})

test('ten messages at once are decided by fewer reads, and a guard sees only its own phone', async () => {
  const counts = memoryCounts()
  const sums = vi.spyOn(counts, 'sums')
  const seen: boolean[] = []
  const rig = openLimited({
    counts,
    guards: [
      {
        name: 'first',
        check({ isFirstInDay }) {
          seen.push(isFirstInDay)
          return Promise.resolve({ verdict: 'allow' })
        },
      },
    ],
  })
  await rig.send({ destination: phoneInRow(0) })
  sums.mockClear()
  await inParallel(10, (n) => rig.send({ destination: phoneInRow(n * 10_007) }))
  expect(sums.mock.calls.length).toBeLessThan(5)
  expect(seen.toSorted()).toEqual([false, ...Array.from({ length: 10 }, () => true)])
})
