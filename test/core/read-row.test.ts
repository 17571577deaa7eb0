import { describe, expect, test } from 'vitest'

import { addGrant, revokeAllGrants } from '../../src/core/grant.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { recordFailure, recordSuccess } from '../../src/core/ledger.js'
import { defaultPolicy as policy } from '../../src/core/policy.js'
import { readRow } from '../../src/core/read-row.js'
import { bareState, baseAt, fullState } from '../../src/testing/contract-fixtures.js'
import { grantWith } from './build.js'
import {
  notCounts,
  notLists,
  notNumbers,
  notObjects,
  notStrings,
  orAbsent,
  orNull,
  pathsIn,
  replacedAt,
  spelt,
  type Path,
} from './damage.js'

const subject = 'user-1'
const full = fullState(subject, 7)

/** The message of the error that a stored value is rejected with. */
function complaintOf(value: unknown): string {
  try {
    readRow(value, subject)
  } catch (error) {
    expect(error).toBeInstanceOf(StoreUnavailableError)
    return (error as Error).message
  }
  return 'no complaint'
}

describe('an intact row', () => {
  test.each([
    ['with every field set', full],
    ['with every field empty', bareState(subject, 1)],
    ['at the hard stop', { ...full, lock: { tier: 'disabled', until: null } }],
    ['whose lock is over', { ...full, lock: { tier: 4, until: null } }],
    ['that stays for ever', { ...full, keepUntil: null }],
  ])('%s is read as it is stored', (_what, row) => {
    expect(readRow(row, subject)).toEqual(row)
    expect(readRow(JSON.parse(JSON.stringify(row)), subject)).toEqual(row)
  })
})

/** Every field that all factors share, and values that no write of this package leaves in it. */
const damages: [path: Path, values: readonly unknown[]][] = [
  [['subject'], notStrings],
  [['version'], notCounts],
  [['failures'], notCounts],
  [['lock'], notObjects],
  [
    ['lock', 'tier'],
    [...notCounts, 'Disabled', ''],
  ],
  [['lock', 'until'], orNull(notNumbers)],
  [['epoch'], notCounts],
  [['grants'], notLists],
  ...full.grants.flatMap((_grant, index): [Path, readonly unknown[]][] => [
    [['grants', index], notObjects.slice(1)],
    [['grants', index, 'id'], notStrings],
    [['grants', index, 'method'], notStrings],
    [['grants', index, 'issuedAt'], notNumbers],
    [['grants', index, 'expiresAt'], notNumbers],
  ]),
  [['factors'], notObjects],
  [['factors', 'phone'], notObjects.slice(1)],
  [['factors', 'another'], notObjects.slice(1)],
  [['factors', 'another', 'held'], orAbsent([null, 0, 1, 'true', {}])],
  [['factors', 'another', 'sealedBy'], orAbsent(notStrings)],
  [['keepUntil'], orNull(notNumbers)],
  [['updatedAt'], notNumbers],
]

describe('a damaged row', () => {
  test.each(damages.map(([path, values]) => ({ field: spelt(path), path, values })))(
    'is rejected by the name of the field: $field',
    ({ field, path, values }) => {
      for (const value of values) {
        const complaint = complaintOf(replacedAt(full, path, value))
        expect(complaint, String(value)).toContain(`the field ${field} of a second-factor row`)
        expect(complaint).toContain('repair the row, or delete it, which also ends its locks')
      }
    },
  )

  test('is tested above for every field', () => {
    const ofFactors = /^factors\.\w+\.(?!held$|sealedBy$)/
    const all = pathsIn(full)
      .map(spelt)
      .filter((field) => !ofFactors.test(field))
    expect(damages.map(([path]) => spelt(path)).sort()).toEqual(all.sort())
  })

  test.each([undefined, null, 5, 'row', true, [], [full], JSON.stringify(full)])(
    'is rejected as a whole if it is not an object: %#',
    (value) => {
      expect(complaintOf(value)).toMatch(/^the value of a second-factor row is damaged; repair/)
    },
  )

  test('is rejected if a permanent lock also has an end', () => {
    const row = { ...full, lock: { tier: 'disabled', until: baseAt } }
    expect(complaintOf(row)).toMatch(/^the field lock\.tier of a second-factor row is damaged/)
    const undecided = { ...full, lock: { tier: 'disabled' } }
    expect(complaintOf(undecided)).toContain('the field lock.tier')
  })

  test.each(['User-1', 'user-1 ', 'user-2', ''])(
    'is rejected if it belongs to another user, such as %j',
    (other) => {
      expect(complaintOf({ ...full, subject: other })).toContain('the field subject')
    },
  )

  test('is not quoted in the error, because it may contain phones and keys', () => {
    const complaint = complaintOf({ ...full, updatedAt: '+237671234567', epoch: 'a secret' })
    expect(complaint).not.toMatch(/237671234567|a secret/)
  })
})

describe('fields that this release does not know', () => {
  const later = { added: ['by', { a: 'later release' }] }
  const row = {
    ...full,
    later,
    lock: { ...full.lock, later },
    grants: full.grants.map((grant) => ({ ...grant, later })),
    factors: { ...full.factors, unheardOf: { later } },
  }

  test('stay in a row that is read', () => {
    expect(readRow(row, subject)).toEqual(row)
  })

  test('stay in a row that is written', () => {
    const state = readRow(row, subject)
    const grant = grantWith({ issuedAt: baseAt, expiresAt: baseAt + 1 })
    const holder = { replacedGrantId: null }
    const proof = { id: 'new', method: 'sms', purpose: 'enrolment', holder } as const
    for (const next of [
      recordFailure(state, baseAt, policy),
      recordSuccess(state, baseAt, policy, proof).state,
      addGrant(state, grant, null),
      revokeAllGrants(state),
    ]) {
      expect(next).toMatchObject({ later, factors: row.factors })
    }
    expect(addGrant(state, grant, null).grants.slice(0, -1)).toEqual(row.grants)
  })
})
