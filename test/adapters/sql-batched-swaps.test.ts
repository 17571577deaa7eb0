/** Swaps in one turn of the event loop share one statement, and each gets the same result as if it ran alone. */

import { expect, test } from 'vitest'

import { batchedSwaps, maxSwaps, type Swap } from '../../src/adapters/sql/batched-swaps.js'

const swapOf = (subject: string, expectedVersion = 1): Swap => ({
  ...{ subject, expectedVersion, binds: [], isKept: false },
})
const subjects = Array.from({ length: maxSwaps + 3 }, (_, at) => `user-${at}`)

/** A table of versions; a batch passes over the rows in `locked`. */
function tableOf(rows: readonly string[], locked: readonly string[] = []) {
  const statements: string[][] = []
  const versions = new Map(rows.map((subject) => [subject, 1]))
  const write = ({ subject, expectedVersion }: Swap) => {
    const isSame = versions.get(subject) === expectedVersion
    if (isSame) versions.set(subject, expectedVersion + 1)
    return isSame
  }
  const swap = batchedSwaps({
    one(each) {
      statements.push([each.subject])
      return Promise.resolve(write(each))
    },
    many(swaps) {
      statements.push(swaps.map(({ subject }) => subject))
      const free = swaps.filter(({ subject }) => !locked.includes(subject))
      return Promise.resolve(free.filter(write).map(({ subject }) => subject))
    },
  })
  return { statements, versions, swap }
}

test('a single swap is a statement of its own', async () => {
  const { swap, statements } = tableOf(['user-1'])
  expect(await swap(swapOf('user-1'))).toBe(true)
  expect(await swap(swapOf('user-1'))).toBe(false)
  expect(statements).toEqual([['user-1'], ['user-1']])
})

test('swaps of many people at once are few statements', async () => {
  const { swap, statements } = tableOf(subjects)
  const held = await Promise.all(subjects.map((subject) => swap(swapOf(subject))))
  expect(held).toEqual(subjects.map(() => true))
  expect(statements).toEqual([subjects.slice(0, maxSwaps), subjects.slice(maxSwaps)])
})

test('a swap that the batch did not write is run alone', async () => {
  const { swap, statements, versions } = tableOf(['a', 'b', 'c'], ['b'])
  const held = await Promise.all([swapOf('a'), swapOf('b'), swapOf('c', 7)].map(swap))
  expect(held).toEqual([true, true, false])
  expect(statements).toEqual([['a', 'b', 'c'], ['b'], ['c']])
  expect([...versions.values()]).toEqual([2, 2, 1])
})

test('of many swaps of one row at once, one holds', async () => {
  const { swap, versions } = tableOf(['a', 'b'])
  const held = await Promise.all(['a', 'b', 'a', 'a'].map((subject) => swap(swapOf(subject))))
  expect(held.filter(Boolean).length).toBe(2)
  expect([...versions.values()]).toEqual([2, 2])
})

test('a batch with a refused value is run one by one', async () => {
  const swap = batchedSwaps({
    one: ({ subject }) =>
      subject === 'b' ? Promise.reject(new Error('refused')) : Promise.resolve(true),
    many: () => Promise.resolve(null),
  })
  const results = await Promise.allSettled(['a', 'b', 'c'].map((subject) => swap(swapOf(subject))))
  expect(results).toMatchObject([
    { status: 'fulfilled', value: true },
    { status: 'rejected', reason: { message: 'refused' } },
    { status: 'fulfilled', value: true },
  ])
})

test('a batch whose outcome is not known is not run again', async () => {
  let alone = 0
  const swap = batchedSwaps({
    one: () => Promise.resolve((alone += 1) > 0),
    many: () => Promise.reject(new Error('connection lost')),
  })
  const results = await Promise.allSettled(['a', 'b'].map((subject) => swap(swapOf(subject))))
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(alone).toBe(0)
  expect(await swap(swapOf('a'))).toBe(true)
})
