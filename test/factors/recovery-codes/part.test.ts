import { describe, expect, test } from 'vitest'

import { StoreUnavailableError } from '../../../src/core/errors.js'
import {
  emptyPart,
  leftIn,
  leftOf,
  partOf,
  readPart,
  totalOf,
  type RecoveryPart,
} from '../../../src/factors/recovery-codes/rules/part.js'
import { rowWith } from '../../core/build.js'
import {
  notCounts,
  notNumbers,
  notObjects,
  notStrings,
  orNull,
  pathsIn,
  replacedAt,
  spelt,
  type Path,
} from '../../core/damage.js'
import { t0 } from '../../support/clock.js'
import { partWith, rowOf, setWith } from './build.js'

const full: RecoveryPart = {
  ...partWith({ used: 5, usedAt: t0 }),
  ticket: {
    id: 'ticket-1',
    digest: Buffer.alloc(16, 7).toString('base64url'),
    expiresAt: t0,
    epoch: 0,
  },
}

/** The message of the error that a stored part is rejected with. */
function complaintOf(part: unknown): string {
  try {
    readPart(part as object)
  } catch (error) {
    expect(error).toBeInstanceOf(StoreUnavailableError)
    return (error as Error).message
  }
  return 'no complaint'
}

describe('an intact part', () => {
  test('is read as stored, with fields added by a later release', () => {
    expect(readPart(full)).toBe(full)
    expect(partOf(rowOf(full))).toBe(full)
    const newer = { ...full, added: 'later' }
    expect(readPart(newer)).toBe(newer)
  })

  test('is empty if no codes were made', () => {
    expect(partOf(rowWith())).toBe(emptyPart)
    expect(readPart(undefined)).toBe(emptyPart)
    expect(readPart(emptyPart)).toBe(emptyPart)
    expect(leftIn(emptyPart)).toBe(0)
  })

  test('can contain a ticket without a set', () => {
    const part = { ...emptyPart, ticket: full.ticket }
    expect(readPart(part)).toBe(part)
  })

  test('records how many codes there were and how many are left', () => {
    expect([totalOf(setWith({ used: 5 })), leftOf(setWith({ used: 5 })), leftIn(full)]).toEqual([
      ...[10, 8, 8],
    ])
    for (const total of [1, 5, 16]) {
      const digests = Buffer.alloc(total * 16).toString('base64url')
      const part = partWith({ digests, used: 2 ** total - 1 })
      expect(readPart(part)).toBe(part)
      expect([totalOf(setWith({ digests })), leftIn(part)]).toEqual([total, 0])
    }
  })
})

const sized = (bytes: number) => Buffer.alloc(bytes).toString('base64url')

/** Every field of the part, and values that no write of this package leaves in it. */
const damages: [path: Path, values: readonly unknown[]][] = [
  [['held'], [undefined, null, false, 1, 'true']],
  [['set'], orNull(notObjects)],
  [['set', 'id'], notStrings],
  [
    ['set', 'digests'],
    [...notStrings, '', sized(15), sized(161), sized(17 * 16), `${sized(16)}=`, '!'.repeat(214)],
  ],
  [
    ['set', 'used'],
    [...notCounts, 1024, 2 ** 32],
  ],
  [['set', 'addedAt'], notNumbers],
  [['set', 'usedAt'], orNull(notNumbers)],
  [['ticket'], orNull(notObjects)],
  [['ticket', 'id'], notStrings],
  [
    ['ticket', 'digest'],
    [...notStrings, '', sized(15)],
  ],
  [['ticket', 'expiresAt'], notNumbers],
  [['ticket', 'epoch'], notCounts],
]

describe('a damaged part', () => {
  test.each(damages.map(([path, values]) => ({ field: spelt(path), path, values })))(
    'is rejected by the name of the field, and never taken for none: $field',
    ({ field, path, values }) => {
      for (const value of values) {
        const complaint = complaintOf(replacedAt(full, path, value))
        expect(complaint, String(value)).toContain(`the field factors.recovery.${field} of a`)
      }
    },
  )

  test('is rejected if its set and its held flag contradict each other', () => {
    expect(complaintOf({ ...full, set: null })).toContain('the field factors.recovery.held of a')
    expect(complaintOf({ ...full, held: false })).toContain('the field factors.recovery.held of a')
    expect(complaintOf({})).toContain('the field factors.recovery.held of a')
  })

  test('is tested above for every field', () => {
    const all = pathsIn(full).map(spelt)
    expect(damages.map(([path]) => spelt(path)).sort()).toEqual(all.sort())
  })
})
