/** The passkeys' part of the row: damage fails closed, and a part without passkeys does not count as enrolled. */

import { describe, expect, test } from 'vitest'

import { StoreUnavailableError } from '../../../src/core/errors.js'
import type { FactorPart } from '../../../src/core/state.js'
import {
  readPart,
  withKeys,
  withSpent,
  type Passkey,
  type PasskeysPart,
} from '../../../src/factors/passkeys/rules/part.js'
import { second, t0 } from '../../support/clock.js'

const key: Passkey = {
  ...{ id: 'a', credentialId: 'b', publicKey: 'c', counter: 0, synced: false },
  ...{ transports: ['usb'], name: 'Key ring', addedAt: t0, usedAt: null },
}
const part: PasskeysPart = { held: true, handle: 'h', keys: [key], spent: [{ id: 's', until: t0 }] }

test('is absent if there never was one', () => {
  expect(readPart(undefined)).toBeNull()
  expect(readPart({})).toBeNull()
})

test('is read as written, with the fields of a later release', () => {
  const later = { ...part, more: 1, keys: [{ ...key, more: 2 }] }
  expect(readPart(later)).toBe(later)
})

const damages: readonly (readonly [string, unknown])[] = [
  ...[null, 1, {}].map((handle) => ['handle', handle] as const),
  ...[null, {}, [null], [{}], ['x']].map((keys) => ['keys', keys] as const),
  ...[null, {}, [null], [{ id: 1, until: t0 }], [{ id: 's' }]].map(
    (spent) => ['spent', spent] as const,
  ),
  ...[false, 1, null, undefined].map((held) => ['held', held] as const),
  ...Object.keys(key).flatMap((name) =>
    [undefined, {}, name === 'usedAt' ? 'x' : null].map(
      (value) => ['keys', [{ ...key, [name]: value }]] as const,
    ),
  ),
  ...[-1, 1.5, Number.NaN, '1'].map((counter) => ['keys', [{ ...key, counter }]] as const),
]

describe('a damaged part', () => {
  test.each(damages)('with another %s lets nobody pass: %j', (name, value) => {
    expect(() => readPart({ ...part, [name]: value })).toThrow(StoreUnavailableError)
  })

  test('without keys but marked as held lets nobody pass', () => {
    expect(() => readPart({ ...part, keys: [] } as FactorPart)).toThrow(StoreUnavailableError)
  })
})

test('without its last passkey does not count as enrolled, and keeps the handle', () => {
  const left = withKeys(part, [])
  expect(left).toEqual({ handle: 'h', keys: [], spent: part.spent })
  expect(withKeys(left, [key])).toEqual(part)
})

test('remembers the last 20 passed ceremonies while their challenges are valid', () => {
  let now = part
  for (let index = 0; index < 25; index += 1) {
    now = withSpent(now, { id: `s${index}`, until: t0 + 300 * second }, t0)
  }
  expect(now.spent.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, at) => `s${at + 5}`))
  const after = withSpent(now, { id: 'next', until: t0 + 600 * second }, t0 + 300 * second)
  expect(after.spent.map(({ id }) => id)).toEqual(['next'])
})
