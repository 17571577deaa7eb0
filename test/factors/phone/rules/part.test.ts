import { describe, expect, test } from 'vitest'

import { StoreUnavailableError } from '../../../../src/core/errors.js'
import { revokeAllGrants } from '../../../../src/core/grant.js'
import { defaultPolicy as policy } from '../../../../src/core/policy.js'
import type { SubjectState } from '../../../../src/core/state.js'
import { abandon, findJudgeable } from '../../../../src/factors/phone/rules/challenge.js'
import {
  channels,
  emptyPart,
  noSends,
  partOf,
  readPart,
  withPhone,
  type PhonePart,
} from '../../../../src/factors/phone/rules/part.js'
import { recordReceipt } from '../../../../src/factors/phone/rules/receipt.js'
import {
  bareState,
  fullPhonePart as fullFixture,
  fullState,
  unknownPart,
  withParts,
} from '../../../../src/testing/contract-fixtures.js'
import { grantWith, rowWith } from '../../../core/build.js'
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
} from '../../../core/damage.js'
import { t0 } from '../../../support/clock.js'
import { challengeWith, phoneRow, receiptWith } from './build.js'

const fullPhonePart = fullFixture as PhonePart

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
  test('is read as stored', () => {
    expect(readPart(fullPhonePart)).toBe(fullPhonePart)
    expect(readPart(JSON.parse(JSON.stringify(fullPhonePart)) as object)).toEqual(fullPhonePart)
  })

  test.each([
    ...channels.map((channel) => ({ channel })),
    ...(['sign-in', 'enrolment'] as const).map((purpose) => ({ purpose })),
    ...(['accepted', 'sent', 'delivered'] as const).map((status) => {
      return { receipt: receiptWith({ status }) }
    }),
    ...(['unreachable', 'number_invalid', 'blocked', 'not_delivered'] as const).map((reason) => {
      return { receipt: receiptWith({ status: 'failed', reason }) }
    }),
    { code: { owner: 'hosted', ref: 'VE1' } } as const,
    { code: { owner: 'hosted', ref: null } } as const,
    { receipt: null },
  ])('may hold a challenge with %j', (fields) => {
    const part: PhonePart = { challenge: challengeWith(fields), sends: noSends }
    expect(readPart(part)).toBe(part)
  })

  test('can be without a challenge', () => {
    const part: PhonePart = { ...fullPhonePart, challenge: null }
    expect(readPart(part)).toBe(part)
  })

  test('is empty if the row has none: the user was never sent a code', () => {
    expect(readPart(undefined)).toEqual({ challenge: null, sends: noSends })
    expect(partOf(rowWith())).toBe(emptyPart)
    expect(partOf(withParts(rowWith(), { another: unknownPart }))).toBe(emptyPart)
  })
})

/** Every field of the part, and values that no write of this package leaves in it. */
const damages: [path: Path, values: readonly unknown[]][] = [
  [['challenge'], orNull(notObjects)],
  [['challenge', 'id'], notStrings],
  [['challenge', 'sessionKey'], orNull(notStrings)],
  [
    ['challenge', 'purpose'],
    [...notStrings, 'phone-verification', 'SIGN-IN', ''],
  ],
  [['challenge', 'code'], notObjects],
  [
    ['challenge', 'code', 'owner'],
    [...notStrings, 'ours', ''],
  ],
  [['challenge', 'code', 'keyId'], notStrings],
  [
    ['challenge', 'channel'],
    [...notStrings, 'email', ''],
  ],
  [['challenge', 'destination'], notStrings],
  [['challenge', 'epoch'], notCounts],
  [['challenge', 'issuedAt'], notNumbers],
  [['challenge', 'expiresAt'], notNumbers],
  [['challenge', 'attempts'], notCounts],
  [['challenge', 'maxAttempts'], notCounts],
  [['challenge', 'sends'], notCounts],
  [['challenge', 'receipt'], orNull(notObjects)],
  [['challenge', 'receipt', 'ref'], notStrings],
  [
    ['challenge', 'receipt', 'status'],
    [...notStrings, 'read', ''],
  ],
  [
    ['challenge', 'receipt', 'reason'],
    [...orNull(notStrings), 'unknown', ''],
  ],
  [['sends'], notObjects],
  [['sends', 'count'], notCounts],
  [['sends', 'rung'], notCounts],
  [['sends', 'lastAt'], orNull(notNumbers)],
  [['sends', 'nextAt'], orNull(notNumbers)],
  [['sends', 'resetAt'], orNull(notNumbers)],
  [['sends', 'windowStartedAt'], orNull(notNumbers)],
  [['sends', 'windowCount'], notCounts],
  [['sends', 'answeredCount'], notCounts],
]

describe('a damaged part', () => {
  test.each(damages.map(([path, values]) => ({ field: spelt(path), path, values })))(
    'is rejected by the name of the field: $field',
    ({ field, path, values }) => {
      for (const value of values) {
        const complaint = complaintOf(replacedAt(fullPhonePart, path, value))
        expect(complaint, String(value)).toContain(`the field factors.phone.${field} of a`)
      }
    },
  )

  test('is tested above for every field', () => {
    const all = pathsIn(fullPhonePart).map(spelt)
    expect(damages.map(([path]) => spelt(path)).sort()).toEqual(all.sort())
  })

  test('is rejected if the vendor’s verification id is damaged', () => {
    for (const ref of orNull(notStrings)) {
      const part = {
        ...fullPhonePart,
        challenge: challengeWith({ code: { owner: 'hosted', ref: ref as string } }),
      }
      expect(complaintOf(part)).toContain('the field factors.phone.challenge.code')
    }
  })

  test.each([null, 5, true, 'part', [], [fullPhonePart]])(
    'is rejected as a whole if it is not an object: %j',
    (part) => {
      expect(complaintOf(part)).toContain('the field factors.phone of a second-factor row')
    },
  )

  test('fails closed in every rule that reads it or writes next to it', () => {
    const damaged = replacedAt(fullPhonePart, ['challenge', 'attempts'], -1)
    const row = withParts(rowWith({ epoch: 21 }), { phone: damaged as object })
    const attempt = { purpose: 'sign-in', sessionKey: undefined } as const
    for (const rule of [
      () => partOf(row),
      () => withPhone(row, { challenge: null }),
      () => findJudgeable(row, t0, policy, attempt),
      () => abandon(row, fullFixture.challenge.sessionKey),
      () => recordReceipt(row, receiptWith()),
    ]) {
      expect(rule).toThrow(StoreUnavailableError)
    }
  })
})

describe('a challenge of another epoch', () => {
  const own = { purpose: 'sign-in', sessionKey: 'session-1' } as const
  const row = phoneRow(
    { challenge: challengeWith({ epoch: 3, receipt: receiptWith() }), sends: fullPhonePart.sends },
    { epoch: 3, grants: [grantWith()] },
  )

  test.each([0, 2, 4])('is void: it reads as none, and the message counters stay: %d', (epoch) => {
    expect(partOf({ ...row, epoch })).toEqual({ challenge: null, sends: fullPhonePart.sends })
  })

  test('is read as stored while the epoch matches', () => {
    expect(partOf(row)).toBe(row.factors['phone'])
  })

  test('ends with everything else when all grants are revoked', () => {
    const revoked = revokeAllGrants(row)
    expect(partOf(revoked).challenge).toBeNull()
    expect(findJudgeable(row, t0, policy, own)).toBe(partOf(row).challenge)
    expect(findJudgeable(revoked, t0, policy, own)).toMatchObject({ code: 'no_challenge' })
    expect(abandon(revoked, 'session-1')).toBeNull()
    expect(recordReceipt(revoked, receiptWith({ status: 'sent' })).outcome).toBe('unknown')
  })

  test('stays stored until the phone’s next write, because the vendor has to be notified', () => {
    const revoked = revokeAllGrants(row)
    expect(readPart(revoked.factors['phone']).challenge).toEqual(partOf(row).challenge)
    expect(readPart(withPhone(revoked, { sends: noSends }).factors['phone']).challenge).toBeNull()
  })

  test('does not come back with its epoch once the phone has written', () => {
    const written = withPhone({ ...row, epoch: 4 }, { sends: noSends })
    expect(partOf({ ...written, epoch: 3 }).challenge).toBeNull()
  })
})

describe('a row with changed phone fields', () => {
  const later = { added: ['by', { a: 'later release' }] }
  const part = {
    ...fullPhonePart,
    later,
    challenge: { ...fullPhonePart.challenge, later },
    sends: { ...fullPhonePart.sends, later },
  }
  const row: SubjectState = withParts(fullState('user-1', 1), { phone: part, another: unknownPart })

  test('has them and keeps the rest', () => {
    const { challenge, sends } = fullPhonePart
    const full = fullState('user-1', 1)
    expect(partOf(withPhone(full, { challenge: null }))).toEqual({ challenge: null, sends })
    expect(partOf(withPhone(full, { sends: noSends }))).toEqual({ challenge, sends: noSends })
    expect(withPhone(full, {})).toEqual(full)
  })

  test('has the part even if the row had none', () => {
    const bare = bareState('user-1', 1)
    expect(withPhone(bare, {})).toEqual(withParts(bare, { phone: emptyPart }))
  })

  test('keeps the parts of other factors, and every other field', () => {
    const next = withPhone(row, { challenge: null })
    expect(next).toEqual({ ...row, factors: { ...row.factors, phone: next.factors['phone'] } })
    expect(next.factors['another']).toBe(unknownPart)
  })

  test('keeps unknown fields of the part', () => {
    expect(partOf(row)).toBe(part)
    expect(withPhone(row, { challenge: null }).factors['phone']).toEqual({
      ...part,
      challenge: null,
    })
    expect(withPhone(row, { sends: noSends }).factors['phone']).toEqual({ ...part, sends: noSends })
    expect(withPhone({ ...row, epoch: 22 }, {}).factors['phone']).toEqual({
      ...part,
      challenge: null,
    })
  })

  test('does not modify the row it is passed', () => {
    const before = structuredClone(row)
    withPhone(row, { challenge: null, sends: noSends })
    expect(row).toEqual(before)
  })
})
