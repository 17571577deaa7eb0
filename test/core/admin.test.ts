import { describe, expect, test } from 'vitest'

import { resetShared } from '../../src/core/admin.js'
import { noLock } from '../../src/core/state.js'
import { fullState } from '../../src/testing/contract-fixtures.js'
import { t0 } from '../support/clock.js'

const now = t0 + 5
const later = { added: 'by a later release' }
const row = { ...fullState('user-1', 7), later }

describe('a reset of the shared state', () => {
  test('clears failures and lock, and keeps grants, epoch and the factors’ parts', () => {
    expect(resetShared(row, 'all', now)).toEqual({
      ...row,
      failures: 0,
      lock: noLock,
      keepUntil: now,
      updatedAt: now,
    })
  })

  test('of the attempts clears only failures and lock', () => {
    expect(resetShared(row, 'attempts', now)).toEqual({ ...row, failures: 0, lock: noLock })
  })

  test.each(['all', 'attempts'] as const)('ends the hard stop: %s', (scope) => {
    const stopped = { ...row, failures: 100, lock: { tier: 'disabled', until: null } } as const
    expect(resetShared(stopped, scope, now)).toMatchObject({ failures: 0, lock: noLock })
  })

  test.each(['resends', 'challenge'] as const)(
    'of %s returns the same row: each factor resets its own part',
    (scope) => {
      expect(resetShared(row, scope, now)).toBe(row)
    },
  )
})
