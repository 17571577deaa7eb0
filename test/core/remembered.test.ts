/** A function of a string is worked out once, and its memory stays small. */

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

test('an answer is worked out once, an undefined one too', () => {
  const { worked, upper } = counting(10)
  expect([upper('a'), upper('a'), upper('b')]).toEqual(['A', 'A', 'B'])
  expect(worked).toEqual(['a', 'b'])
  let calls = 0
  const nothing = remembered(() => void (calls += 1), 10)
  nothing('a')
  nothing('a')
  expect(calls).toBe(1)
})

test('no more answers are kept than were asked for, and the oldest goes first', () => {
  const { worked, upper } = counting(2)
  for (const text of ['a', 'b', 'c', 'b', 'a']) upper(text)
  expect(worked).toEqual(['a', 'b', 'c', 'a'])
})

test('long strings are not kept', () => {
  const { worked, upper } = counting(10)
  const long = 'a'.repeat(257)
  upper(long)
  upper(long)
  expect(worked.length).toBe(2)
})
