import { describe, expect, test } from 'vitest'

import { StoreUnavailableError } from '../../../src/core/errors.js'
import { partOf, readPart } from '../../../src/factors/totp/rules/part.js'
import { rowWith } from '../../core/build.js'
import {
  notCounts,
  notLists,
  notNumbers,
  notStrings,
  orNull,
  pathsIn,
  replacedAt,
  spelt,
  type Path,
} from '../../core/damage.js'
import { t0 } from '../../support/clock.js'
import { partWith, rowOf } from './build.js'

const full = partWith({ usedAt: t0, earlierSteps: [7] })

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
    expect(partOf(rowOf(partWith()))).toEqual(partWith({ sealed: expect.any(String) as string }))
    const newer = { ...full, added: 'later' }
    expect(readPart(newer)).toBe(newer)
  })

  test('is absent if no app is set up or it was removed', () => {
    expect(partOf(rowWith())).toBeNull()
    expect(readPart(undefined)).toBeNull()
    expect(readPart({})).toBeNull()
  })
})

/** Every field of the part, and values that no write of this package leaves in it. */
const damages: [path: Path, values: readonly unknown[]][] = [
  [['held'], [undefined, null, false, 1, 'true', {}]],
  [['sealedBy'], notStrings],
  [['id'], notStrings],
  [['sealed'], notStrings],
  [['name'], notStrings],
  [['addedAt'], notNumbers],
  [['usedAt'], orNull(notNumbers)],
  [['lastStep'], notCounts],
  [['earlierSteps'], notLists],
  [['earlierSteps', 0], notCounts],
]

describe('a damaged part', () => {
  test.each(damages.map(([path, values]) => ({ field: spelt(path), path, values })))(
    'is rejected by the name of the field, and never taken for none: $field',
    ({ field, path, values }) => {
      for (const value of values) {
        // A list without its only item is an empty list.
        if (value === undefined && path.length > 1) continue
        const complaint = complaintOf(replacedAt(full, path, value))
        expect(complaint, String(value)).toContain(`the field factors.totp.${field} of a`)
      }
    },
  )

  test('is tested above for every field', () => {
    const all = pathsIn(full).map(spelt)
    expect(damages.map(([path]) => spelt(path)).sort()).toEqual(all.sort())
  })
})
