/** Reads of one turn of the event loop go by one statement, and each is answered as if it had gone alone. */

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

test('one read goes alone', async () => {
  const { read, statements } = tableOf(keys)
  expect(await read('user-1')).toBe('user-1')
  expect(await read('nobody')).toBeNull()
  expect(statements).toEqual([['user-1'], ['nobody']])
})

test('reads together are answered each by its own row, and those without a row by null', async () => {
  const { read, statements } = tableOf(keys.slice(1))
  const rows = await Promise.all([...keys, 'user-2'].map(read))
  expect(rows).toEqual([null, ...keys.slice(1), 'user-2'])
  expect(statements.map(({ length }) => length)).toEqual([batchSize, batchSize])
})

test('a batch that is not full asks for nothing else', async () => {
  const { read, statements } = tableOf(keys)
  await Promise.all(['user-1', 'user-2'].map(read))
  expect(statements.map((asked) => [...new Set(asked)])).toEqual([['user-1', 'user-2']])
})

test('a read that is asked for while others run sees what was written since', async () => {
  const rows: string[] = []
  const { read } = tableOf(rows)
  const early = read('user-1')
  await early
  rows.push('user-1')
  expect(await early).toBeNull()
  expect(await read('user-1')).toBe('user-1')
})

describe('a database that takes two keys for the same', () => {
  const loose = (key: string) => key.toLowerCase()

  test('is asked for each alone, so that the store sees whose row it got', async () => {
    const { read } = tableOf(['USER-1', 'user-2'], loose)
    expect(await Promise.all([read('user-1'), read('user-2')])).toEqual(['USER-1', 'user-2'])
  })
})

test('a failed statement fails every read of it, and none after', async () => {
  let isDown = true
  const read = batchedReads<string>({
    one: (key) => Promise.resolve(key),
    many: (asked) => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(asked)),
    keyOf: (row) => row,
  })
  const failed = await Promise.allSettled(['a', 'b'].map(read))
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isDown = false
  expect(await Promise.all(['a', 'b'].map(read))).toEqual(['a', 'b'])
})
