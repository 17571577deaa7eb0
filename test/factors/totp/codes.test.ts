/** Codes as RFC 4226 and RFC 6238 publish them, and as another library makes them. */

import fc from 'fast-check'
import { generateSync } from 'otplib'
import { describe, expect, test } from 'vitest'

import { codeAt, stepAt, stepOf } from '../../../src/factors/totp/rules/codes.js'
import { spelledSecret } from '../../../src/factors/totp/rules/secret.js'
import { second, t0 } from '../../support/clock.js'

/** The secret of the appendices of both. */
const secret = Buffer.from('12345678901234567890')

describe('a code', () => {
  test('matches RFC 4226, appendix D', () => {
    const codes = ['755224', '287082', '359152', '969429', '338314']
    codes.push('254676', '287922', '162583', '399871', '520489')
    for (const [counter, code] of codes.entries()) expect(codeAt(secret, counter)).toBe(code)
  })

  test.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i seconds matches RFC 6238, appendix B', (seconds, code) => {
    const now = seconds * second
    expect(codeAt(secret, stepAt(now))).toBe(code)
    expect(stepOf(secret, code, now, 0)).toBe(stepAt(now))
  })

  test('matches otplib for every secret and time', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        fc.integer({ min: 0, max: 2 ** 33 }),
        (any, epoch) => {
          const theirs = generateSync({ secret: spelledSecret(any), epoch })
          expect(codeAt(any, stepAt(epoch * second))).toBe(theirs)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the time step of a code', () => {
  const now = t0 + 7 * second
  const step = stepAt(now)

  test('changes every 30 seconds, on the half minute', () => {
    expect([t0 - 1, t0, t0 + 30 * second - 1, t0 + 30 * second].map(stepAt)).toEqual([
      step - 1,
      step,
      step,
      step + 1,
    ])
  })

  test.each([0, 1, 2])('is found up to %i steps away and no further', (drift) => {
    for (let away = -4; away <= 4; away += 1) {
      const found = stepOf(secret, codeAt(secret, step + away), now, drift)
      expect(found).toBe(Math.abs(away) <= drift ? step + away : null)
    }
  })

  test('is found at the epoch, where there is no earlier step', () => {
    expect(stepOf(secret, codeAt(secret, 0), 0, 1)).toBe(0)
  })

  test('is the later one if two steps share a code, which uses it up for both', () => {
    const { first, drift } = sharedCode()
    const between = (first + drift) * 30 * second
    expect(codeAt(secret, first)).toBe(codeAt(secret, first + 2 * drift))
    expect(stepOf(secret, codeAt(secret, first), between, drift)).toBe(first + 2 * drift)
  })

  test('does not exist for a malformed code', () => {
    const code = codeAt(secret, step)
    for (const other of [
      '',
      code.slice(1),
      `${code}0`,
      ` ${code}`,
      'abcdef',
      '１２３４５６',
      '🔒',
    ]) {
      expect(stepOf(secret, other, now, 1)).toBeNull()
    }
  })
})

/** Two steps with one code, an even number of steps apart: about one pair in a million. */
function sharedCode(): { first: number; drift: number } {
  const seen = new Map<string, number>()
  for (let step = 0; step < 20_000; step += 2) {
    const code = codeAt(secret, step)
    const first = seen.get(code)
    if (first !== undefined) return { first, drift: (step - first) / 2 }
    seen.set(code, step)
  }
  throw new Error('no two of these steps share a code')
}
