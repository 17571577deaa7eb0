/** Reads in one turn of the event loop share one statement, and each gets the same result as if it ran alone. */

import { describe, expect, test } from 'vitest'

import { batchedReads, batchSize } from '../../src/adapters/sql/batched-reads.js'

const keys = Array.from({ length: batchSize + 3 }, (_, at) => `user-${at}`)

/** A table whose keys compare as `spelled` has them. */
function tableOf(rows: readonly string[], spelled = (key: string) => key) {
  const statements: string[][] = []
  const find = (key: string) => rows.filter((row) => spelled(row) === spelled(key))
  const read = batchedReads<string>({
    one(key) {
      statements.push([key])
      return Promise.resolve(find(key)[0] ?? null)
    },
    many(asked) {
      statements.push(asked)
      return Promise.resolve([...new Set(asked.flatMap(find))])
    },
    keyOf: (row) => row,
  })
  return { statements, read }
}

test('a single read is a statement of its own', async () => {
  const { read, statements } = tableOf(keys)
  expect(await read('user-1')).toBe('user-1')
  expect(await read('nobody')).toBeNull()
  expect(statements).toEqual([['user-1'], ['nobody']])
})

test('batched reads each get their own row, or null without one', async () => {
  const { read, statements } = tableOf(keys.slice(1))
  const rows = await Promise.all([...keys, 'user-2'].map(read))
  expect(rows).toEqual([null, ...keys.slice(1), 'user-2'])
  expect(statements.map(({ length }) => length)).toEqual([batchSize, batchSize])
})

test('a partly filled batch asks for nothing else', async () => {
  const { read, statements } = tableOf(keys)
  await Promise.all(['user-1', 'user-2'].map(read))
  expect(statements.map((asked) => [...new Set(asked)])).toEqual([['user-1', 'user-2']])
})

test('a read started while others run sees what was written since', async () => {
  const rows: string[] = []
  const { read } = tableOf(rows)
  const early = read('user-1')
  await early
  rows.push('user-1')
  expect(await early).toBeNull()
  expect(await read('user-1')).toBe('user-1')
})

describe('a database that treats two keys as equal', () => {
  const loose = (key: string) => key.toLowerCase()

  test('is queried for each key alone, which shows the store whose row it got', async () => {
    const { read } = tableOf(['USER-1', 'user-2'], loose)
    expect(await Promise.all([read('user-1'), read('user-2')])).toEqual(['USER-1', 'user-2'])
  })
})

test('a database that is down fails all reads and no later one', async () => {
  let isDown = true
  const read = batchedReads<string>({
    one: (key) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(key)),
    many: (asked) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(asked)),
    keyOf: (row) => row,
  })
  const failed = await Promise.allSettled(['a', 'b'].map(read))
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isDown = false
  expect(await Promise.all(['a', 'b'].map(read))).toEqual(['a', 'b'])
})

test('a key that the database cannot take fails its own read and no other', async () => {
  const refuse = (asked: readonly string[]) => {
    return asked.includes('\u{1f600}') ? Promise.reject(new Error('encoding')) : null
  }
  const read = batchedReads<string>({
    one: (key) => refuse([key]) ?? Promise.resolve(key),
    many: (asked) => refuse(asked) ?? Promise.resolve(asked),
    keyOf: (row) => row,
  })
  const results = await Promise.allSettled(['a', '\u{1f600}', 'b'].map(read))
  expect(results).toMatchObject([
    { status: 'fulfilled', value: 'a' },
    { status: 'rejected', reason: { message: 'encoding' } },
    { status: 'fulfilled', value: 'b' },
  ])
})
