import { describe, expect, test } from 'vitest'

import { keepUntil } from '../../src/core/retention.js'
import { noSends } from '../../src/core/state.js'
import { challengeOf, day, grantOf, hour, rowOf, t0 } from './build.js'

describe('a row', () => {
  test('that says nothing may go at once', () => {
    expect(keepUntil(rowOf())).toBe(t0)
  })

  test('with failures stays for ever, for waiting forgives none', () => {
    expect(keepUntil(rowOf({ failures: 1 }))).toBeNull()
  })

  test('at the hard stop stays for ever, whatever its count says', () => {
    expect(keepUntil(rowOf({ lock: { tier: 'disabled', until: null } }))).toBeNull()
  })

  test.each([
    ['its lock', { lock: { tier: 1, until: t0 + 3 * hour } }, 3 * hour],
    ['the wait for the next message', { sends: { ...noSends, nextAt: t0 + hour } }, hour],
    ['the quiet that resets the ladder', { sends: { ...noSends, resetAt: t0 + 5 * day } }, 5 * day],
    ['the budget of its day', { sends: { ...noSends, windowStartedAt: t0 + 7 } }, day + 7],
    ['a day after its challenge', { challenge: challengeOf({ expiresAt: t0 + hour }) }, day + hour],
    [
      'its longest grant',
      { grants: [9, 30, 12].map((hours) => grantOf({ expiresAt: t0 + hours * hour })) },
      30 * hour,
    ],
    ['its last write', { updatedAt: t0 + 99 }, 99],
  ])('is kept to the end of %s', (_what, parts, ms) => {
    expect(keepUntil(rowOf(parts))).toBe(t0 + ms)
  })

  test('is kept to the latest of them all', () => {
    const row = rowOf({
      sends: { ...noSends, nextAt: t0 + hour, resetAt: t0 + day, windowStartedAt: t0 },
      challenge: challengeOf({ expiresAt: t0 + hour }),
      grants: [grantOf({ expiresAt: t0 + 2 * day })],
    })
    expect(keepUntil(row)).toBe(t0 + 2 * day)
  })
})
