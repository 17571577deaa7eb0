/** A function of a string is computed once per string, and its cache stays small. */

import { expect, test } from 'vitest'

import { remembered } from '../../src/core/remembered.js'

function counting(maxEntries: number) {
  const worked: string[] = []
  const upper = remembered((text) => {
    worked.push(text)
    return text.toUpperCase()
  }, maxEntries)
  return { worked, upper }
}

test('a result is computed once, even if it is undefined', () => {
  const { worked, upper } = counting(10)
  expect([upper('a'), upper('a'), upper('b')]).toEqual(['A', 'A', 'B'])
  expect(worked).toEqual(['a', 'b'])
  let calls = 0
  const nothing = remembered(() => void (calls += 1), 10)
  nothing('a')
  nothing('a')
  expect(calls).toBe(1)
})

test('at most the given number of results is cached, and the oldest is dropped first', () => {
  const { worked, upper } = counting(2)
  for (const text of ['a', 'b', 'c', 'b', 'a']) upper(text)
  expect(worked).toEqual(['a', 'b', 'c', 'a'])
})

test('long strings are not cached', () => {
  const { worked, upper } = counting(10)
  const long = 'a'.repeat(257)
  upper(long)
  upper(long)
  expect(worked.length).toBe(2)
})
