/** Judging a recovery code: right once, whatever else is tried. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { defaultPolicy as policy } from '../../../src/core/policy.js'
import { newCode } from '../../../src/factors/recovery-codes/rules/codes.js'
import { judgeCode } from '../../../src/factors/recovery-codes/rules/judge.js'
import { leftIn, type RecoveryPart } from '../../../src/factors/recovery-codes/rules/part.js'
import { rowWith } from '../../core/build.js'
import { t0 } from '../../support/clock.js'
import { codeAt, codes, judge, partWith, rowOf, setWith } from './build.js'

describe('a recovery code', () => {
  test('passes and is used up: its bit is set, and one fewer is left', () => {
    for (const [place, code] of codes.entries()) {
      const part = partWith()
      expect(judge(part, code)).toEqual({
        status: 'right',
        part: { ...part, set: setWith({ used: 2 ** place, usedAt: t0 }) },
        proof: { isTicket: false, left: 9 },
      })
    }
  })

  test('that was used is refused without counting, and the others still pass', () => {
    const part = partWith({ used: 0b0000000101 })
    expect(judge(part, codeAt(0))).toEqual({ status: 'refused', code: 'code_used' })
    expect(judge(part, codeAt(2))).toEqual({ status: 'refused', code: 'code_used' })
    expect(judge(part, codeAt(1))).toMatchObject({
      part: { set: { used: 0b111 } },
      proof: { left: 7 },
    })
  })

  test('that is wrong leaves the set unchanged and returns how many more until the lock', () => {
    const part = partWith()
    for (const [failures, attemptsLeft] of [
      [0, 9],
      [9, 0],
      [99, 0],
    ] as const) {
      const verdict = judgeCode(policy, rowOf(part, { failures }), t0, { evidence: newCode() })
      expect(verdict).toEqual({
        status: 'wrong',
        part,
        refusal: { status: 'refused', code: 'code_incorrect', attemptsLeft },
      })
    }
  })

  test('of a user who has none is refused without counting', () => {
    const verdict = judgeCode(policy, rowWith(), t0, { evidence: newCode() })
    expect(verdict).toEqual({ status: 'refused', code: 'factor_not_enrolled' })
  })
})

describe('an attacker who writes to the database', () => {
  test('and copies their own code digests into another user’s row: none passes', () => {
    for (const code of codes) {
      const row = { ...rowOf(partWith()), subject: 'user-2' }
      expect(judgeCode(policy, row, t0, { evidence: code })).toMatchObject({ status: 'wrong' })
    }
  })

  test('and copies them into another set of the same user: none passes', () => {
    for (const code of codes) {
      expect(judge(partWith({ id: 'set-2' }), code)).toMatchObject({ status: 'wrong' })
    }
  })

  test('and reads the row finds no code in it', () => {
    const stored = JSON.stringify(partWith())
    for (const code of codes) {
      for (let at = 0; at + 8 <= code.length; at += 1) {
        expect(stored.toUpperCase()).not.toContain(code.slice(at, at + 8))
      }
    }
  })
})

test('in any order of attempts, each code passes once and the number left only falls', () => {
  const tries = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(-1)), {
    maxLength: 40,
    size: 'max',
  })
  fc.assert(
    fc.property(tries, (places) => {
      let part = partWith()
      const used = new Set<number>()
      for (const place of places) {
        const verdict = judge(part, place < 0 ? newCode() : codeAt(place))
        if (verdict.status !== 'right') {
          expect(verdict.status).toBe(place < 0 ? 'wrong' : 'refused')
          expect(place < 0 || used.has(place)).toBe(true)
          continue
        }
        expect(used.has(place)).toBe(false)
        used.add(place)
        part = verdict.part as RecoveryPart
        expect(leftIn(part)).toBe(10 - used.size)
      }
    }),
  )
})
