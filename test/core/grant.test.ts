import { describe, expect, test } from 'vitest'

import {
  addGrant,
  findGrant,
  isWithin,
  maxGrants,
  newGrant,
  revokeAllGrants,
  revokeGrant,
} from '../../src/core/grant.js'
import { challengeOf, grantOf, hour, minute, policyOf, rowOf, second, t0 } from './build.js'

const ids = (row: { grants: readonly { id: string }[] }) => row.grants.map((grant) => grant.id)

describe('a new grant', () => {
  test('is of its challenge, and lasts 12 h unless told otherwise', () => {
    const challenge = challengeOf({ purpose: 'enrolment' })
    expect(newGrant('id', challenge, t0, policyOf())).toEqual({
      id: 'id',
      method: 'sms',
      purpose: 'enrolment',
      issuedAt: t0,
      expiresAt: t0 + 12 * hour,
    })
    const brief = policyOf({ grantLifetimeSeconds: 60 })
    expect(newGrant('id', challenge, t0, brief).expiresAt).toBe(t0 + minute)
  })
})

describe('adding a grant', () => {
  test('keeps the newest last, and drops the oldest beyond 20', () => {
    let row = rowOf()
    for (let index = 0; index < 25; index += 1) {
      row = addGrant(row, grantOf({ id: `grant ${index}` }), null)
      expect(row.grants.length).toBe(Math.min(index + 1, 20))
    }
    expect(maxGrants).toBe(20)
    expect(ids(row)).toEqual(Array.from({ length: 20 }, (_, index) => `grant ${index + 5}`))
  })

  test('takes the place of the earlier one of its session, wherever that stands', () => {
    const row = rowOf({ grants: ['a', 'b', 'c'].map((id) => grantOf({ id })) })
    expect(ids(addGrant(row, grantOf({ id: 'd' }), 'b'))).toEqual(['a', 'c', 'd'])
    expect(ids(addGrant(row, grantOf({ id: 'd' }), 'unknown'))).toEqual(['a', 'b', 'c', 'd'])
  })

  test('drops what has expired, to the millisecond', () => {
    const row = rowOf({
      grants: [
        grantOf({ id: 'over', expiresAt: t0 }),
        grantOf({ id: 'last millisecond', expiresAt: t0 + 1 }),
      ],
    })
    expect(ids(addGrant(row, grantOf({ id: 'new' }), null))).toEqual(['last millisecond', 'new'])
  })

  test('leaves the row it was given as it was', () => {
    const row = rowOf({ grants: [grantOf()] })
    addGrant(row, grantOf({ id: 'new' }), 'grant-1')
    expect(row).toEqual(rowOf({ grants: [grantOf()] }))
  })
})

describe('finding a grant', () => {
  const row = rowOf({ grants: [grantOf({ expiresAt: t0 + minute })] })

  test('finds it until its last millisecond, and not at its end', () => {
    expect(findGrant(row, 'grant-1', t0)).toBe(row.grants[0])
    expect(findGrant(row, 'grant-1', t0 + minute - 1)).toBe(row.grants[0])
    expect(findGrant(row, 'grant-1', t0 + minute)).toBeNull()
  })

  test('finds none of another id, and none where there is no row', () => {
    for (const id of ['', 'grant-2', 'GRANT-1', 'grant-1 ']) {
      expect(findGrant(row, id, t0)).toBeNull()
    }
    expect(findGrant(null, 'grant-1', t0)).toBeNull()
    expect(findGrant(rowOf(), 'grant-1', t0)).toBeNull()
  })
})

describe('a step-up', () => {
  test('takes a grant that is not older than it asks for, to the millisecond', () => {
    expect(isWithin(grantOf(), t0, 300)).toBe(true)
    expect(isWithin(grantOf(), t0 + 300 * second, 300)).toBe(true)
    expect(isWithin(grantOf(), t0 + 300 * second + 1, 300)).toBe(false)
  })

  test('takes none from a future that the clock has left, beyond the skew of two processes', () => {
    expect(isWithin(grantOf(), t0 - 30 * second, 300)).toBe(true)
    expect(isWithin(grantOf(), t0 - 30 * second - 1, 300)).toBe(false)
  })
})

describe('revoking', () => {
  const row = rowOf({
    grants: ['a', 'b', 'c'].map((id) => grantOf({ id })),
    challenge: challengeOf(),
    failures: 4,
    epoch: 2,
  })

  test('ends one grant, and nothing else', () => {
    const next = revokeGrant(row, 'b')
    expect(ids(next)).toEqual(['a', 'c'])
    expect(next).toEqual({ ...row, grants: next.grants })
  })

  test('leaves the same row where there is nothing to end', () => {
    expect(revokeGrant(row, 'd')).toBe(row)
  })

  test('ends all grants and the running challenge, raises the epoch, and forgives no failure', () => {
    expect(revokeAllGrants(row)).toEqual({ ...row, grants: [], challenge: null, epoch: 3 })
  })
})
