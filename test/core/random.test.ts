import { describe, expect, test } from 'vitest'

import { firstVersion, newBytes, newId } from '../../src/core/random.js'

describe('a random id', () => {
  test('has 128 bits, and is safe in a URL', () => {
    const ids = Array.from({ length: 2_000 }, newId)
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('random bytes', () => {
  test('have the requested length, and differ each time', () => {
    for (const length of [0, 1, 12, 20, 1_000]) expect(newBytes(length)).toHaveLength(length)
    const drawn = Array.from({ length: 2_000 }, () => newBytes(16).toString('hex'))
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  test('belong to the caller: no later draw changes them', () => {
    const bytes = newBytes(16)
    const copy = Buffer.from(bytes)
    newBytes(16)
    expect(bytes).toEqual(copy)
  })
})

describe('a first version', () => {
  test('is a random integer, with room to grow in every store', () => {
    const versions = Array.from({ length: 2_000 }, firstVersion)
    for (const version of versions) {
      expect(Number.isSafeInteger(version)).toBe(true)
      expect(version).toBeGreaterThan(0)
      expect(Number.isSafeInteger(version + 2 ** 47)).toBe(true)
    }
    expect(new Set(versions).size).toBe(versions.length)
  })
})
