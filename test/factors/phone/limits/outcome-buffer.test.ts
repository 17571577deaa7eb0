/** The buffer merges outcomes, and writes them within a second. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import { outcomeBuffer } from '../../../../src/factors/phone/limits/outcomes.js'
import type { Addition, CountStore } from '../../../../src/ports/count-store.js'

const added: (readonly Addition[])[] = []
const failures: string[] = []
let add: CountStore['add'] = () => Promise.resolve()
const open = () =>
  outcomeBuffer({
    ask: async (work) => {
      try {
        return await work({
          ...memoryCounts(),
          add: (additions) => {
            added.push(additions)
            return add(additions)
          },
        })
      } catch {
        failures.push('told')
        return null
      }
    },
  })
const unit = (counter: string, bucket = 5): Addition => {
  return { counter, bucket, units: 1, keepUntil: bucket + 156 }
}

beforeEach(() => {
  vi.useFakeTimers()
  added.length = 0
  failures.length = 0
  add = () => Promise.resolve()
})
afterEach(() => vi.useRealTimers())

test('adds up by counter and bucket, in the order in which all processes lock', async () => {
  const buffer = open()
  buffer.add([unit('b'), unit('a', 6), unit('a', 5), unit('b')])
  await vi.advanceTimersByTimeAsync(999)
  expect(added).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(added).toEqual([[unit('a', 5), unit('a', 6), { ...unit('b'), units: 2 }]])
  await vi.advanceTimersByTimeAsync(10_000)
  expect(added).toHaveLength(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('does not wait the full second once it has 200 entries', async () => {
  const buffer = open()
  for (let n = 0; n < 450; n += 1) buffer.add([unit(`p:${n}`)])
  await vi.advanceTimersByTimeAsync(0)
  expect(added.map(({ length }) => length)).toEqual([200, 200])
  await buffer.close()
  expect(added.map(({ length }) => length)).toEqual([200, 200, 50])
  expect(vi.getTimerCount()).toBe(0)
})

test('makes one call at a time to slow counts, with at most 200 rows', async () => {
  const buffer = open()
  const answers: (() => void)[] = []
  add = () => new Promise<void>((resolve) => answers.push(resolve))
  for (let n = 0; n < 1_000; n += 1) buffer.add([unit(`p:${n}`)])
  for (let statement = 0; statement < 5; statement += 1) {
    await vi.advanceTimersByTimeAsync(1_000)
    expect(added).toHaveLength(statement + 1)
    answers[statement]?.()
  }
  expect(added.every(({ length }) => length <= 200)).toBe(true)
})

test('drops failed rows, which could count twice, and goes on', async () => {
  const buffer = open()
  add = () => Promise.reject(new Error('gone'))
  buffer.add([unit('a')])
  await buffer.close()
  add = () => Promise.resolve()
  buffer.add([unit('b')])
  await buffer.close()
  expect([added, failures]).toEqual([[[unit('a')], [unit('b')]], ['told']])
})

test('drops outcomes beyond 10,000 rows that wait for slow counts, and goes on once they are written', async () => {
  const buffer = open()
  let answer: () => void = () => undefined
  add = () => new Promise<void>((resolve) => (answer = resolve))
  for (let n = 0; n < 20_000; n += 1) buffer.add([unit(`p:${n}`)])
  await vi.advanceTimersByTimeAsync(0)
  add = () => Promise.resolve()
  answer()
  await buffer.close()
  expect(added.flat()).toHaveLength(10_000)
  buffer.add([unit('later')])
  await buffer.close()
  expect(added.at(-1)).toEqual([unit('later')])
})
