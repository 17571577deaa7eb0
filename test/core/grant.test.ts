import { describe, expect, test } from 'vitest'

import {
  addGrant,
  findGrant,
  isActive,
  isWithin,
  maxGrants,
  revokeAllGrants,
  revokeGrant,
} from '../../src/core/grant.js'
import { unknownPart, withParts } from '../../src/testing/contract-fixtures.js'
import { minute, second, t0 } from '../support/clock.js'
import { grantWith, rowWith } from './build.js'

const ids = (row: { grants: readonly { id: string }[] }) => row.grants.map((grant) => grant.id)

describe('adding a grant', () => {
  test('keeps the newest last and drops the oldest beyond 20', () => {
    let row = rowWith()
    for (let index = 0; index < 25; index += 1) {
      row = addGrant(row, grantWith({ id: `grant ${index}` }), null)
      expect(row.grants.length).toBe(Math.min(index + 1, 20))
    }
    expect(maxGrants).toBe(20)
    expect(ids(row)).toEqual(Array.from({ length: 20 }, (_, index) => `grant ${index + 5}`))
  })

  test('replaces its session’s earlier one, at any position', () => {
    const row = rowWith({ grants: ['a', 'b', 'c'].map((id) => grantWith({ id })) })
    expect(ids(addGrant(row, grantWith({ id: 'd' }), 'b'))).toEqual(['a', 'c', 'd'])
    expect(ids(addGrant(row, grantWith({ id: 'd' }), 'unknown'))).toEqual(['a', 'b', 'c', 'd'])
  })

  test('drops expired ones, to the millisecond', () => {
    const row = rowWith({
      grants: [
        grantWith({ id: 'over', expiresAt: t0 }),
        grantWith({ id: 'last millisecond', expiresAt: t0 + 1 }),
      ],
    })
    expect(ids(addGrant(row, grantWith({ id: 'new' }), null))).toEqual(['last millisecond', 'new'])
  })

  test('does not modify the row it is passed', () => {
    const row = rowWith({ grants: [grantWith()] })
    addGrant(row, grantWith({ id: 'new' }), 'grant-1')
    expect(row).toEqual(rowWith({ grants: [grantWith()] }))
  })
})

describe('finding a grant', () => {
  const row = rowWith({ grants: [grantWith({ expiresAt: t0 + minute })] })

  test('finds it until its last millisecond but not at its end', () => {
    expect(findGrant(row, 'grant-1', t0)).toBe(row.grants[0])
    expect(findGrant(row, 'grant-1', t0 + minute - 1)).toBe(row.grants[0])
    expect(findGrant(row, 'grant-1', t0 + minute)).toBeNull()
  })

  test('finds none with another id, and none without a row', () => {
    for (const id of ['', 'grant-2', 'GRANT-1', 'grant-1 ']) {
      expect(findGrant(row, id, t0)).toBeNull()
    }
    expect(findGrant(null, 'grant-1', t0)).toBeNull()
    expect(findGrant(rowWith(), 'grant-1', t0)).toBeNull()
  })

  test('finds none from the future, beyond the allowed clock skew', () => {
    expect(findGrant(row, 'grant-1', t0 - 30 * second)).toBe(row.grants[0])
    expect(findGrant(row, 'grant-1', t0 - 30 * second - 1)).toBeNull()
    expect(isActive(grantWith(), t0 - 30 * second - 1)).toBe(false)
  })
})

describe('a step-up', () => {
  test('accepts a grant up to its maximum age, to the millisecond', () => {
    expect(isWithin(grantWith(), t0, 300)).toBe(true)
    expect(isWithin(grantWith(), t0 + 300 * second, 300)).toBe(true)
    expect(isWithin(grantWith(), t0 + 300 * second + 1, 300)).toBe(false)
  })

  test('accepts none from the future, beyond the allowed clock skew', () => {
    expect(isWithin(grantWith(), t0 - 30 * second, 300)).toBe(true)
    expect(isWithin(grantWith(), t0 - 30 * second - 1, 300)).toBe(false)
  })
})

describe('revoking', () => {
  const row = withParts(
    rowWith({ grants: ['a', 'b', 'c'].map((id) => grantWith({ id })), failures: 4, epoch: 2 }),
    { another: unknownPart },
  )

  test('ends one grant and nothing else', () => {
    const next = revokeGrant(row, 'b')
    expect(ids(next)).toEqual(['a', 'c'])
    expect(next).toEqual({ ...row, grants: next.grants })
  })

  test('returns the same row if there is nothing to end', () => {
    expect(revokeGrant(row, 'd')).toBe(row)
  })

  test('ends all grants and raises the epoch, but clears no failure and ends no enrolment', () => {
    expect(revokeAllGrants(row)).toEqual({ ...row, grants: [], epoch: 3 })
  })
})
