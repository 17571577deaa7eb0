/** Judging an app code: right within the drift, once, and only while its secret is available. */

import { describe, expect, test } from 'vitest'

import type { TotpPart } from '../../../src/factors/totp/rules/part.js'
import { codeAt, stepAt } from '../../../src/factors/totp/rules/codes.js'
import { createKeyRing } from '../../../src/core/keys.js'
import { rowWith } from '../../core/build.js'
import { hour, minute, second, t0 } from '../../support/clock.js'
import { firstSecret, otherSecret } from '../held-rig.js'
import { judgeCode } from '../../../src/factors/totp/rules/judge.js'
import { appSecret, codeOf, judge, partWith, rowOf, rulesWith, wordFor } from './build.js'

/** The part after a right code. */
function passed(part: TotpPart, now: number, code = codeOf(now), rules = rulesWith()): TotpPart {
  const verdict = judge(part, now, code, rules)
  if (verdict.status !== 'right') throw new Error(`not right but ${wordFor(verdict)}`)
  return verdict.part as TotpPart
}

describe('an app code', () => {
  test('passes and stores its step and the time', () => {
    const part = partWith()
    expect(passed(part, t0)).toEqual({
      ...part,
      usedAt: t0,
      lastStep: stepAt(t0),
      earlierSteps: [part.lastStep],
    })
  })

  test.each([
    [0, [-1, 1], [0]],
    [1, [-2, 2], [-1, 0, 1]],
    [2, [-3, 3], [-2, -1, 0, 1, 2]],
  ])('passes with a clock off by at most %i steps', (driftSteps, out, inside) => {
    const rules = rulesWith({ driftSteps })
    for (const away of out) {
      const verdict = judge(partWith(), t0, codeOf(t0 + away * 30 * second), rules)
      expect(wordFor(verdict)).toBe('code_incorrect')
    }
    for (const away of inside) {
      const verdict = judge(partWith(), t0, codeOf(t0 + away * 30 * second), rules)
      expect(wordFor(verdict)).toBe('right')
    }
  })

  test('that is wrong leaves the part unchanged and returns how many more until the lock', () => {
    const part = partWith()
    const wrong = codeOf(t0) === '000000' ? '000001' : '000000'
    for (const [failures, attemptsLeft] of [
      [0, 9],
      [8, 1],
      [9, 0],
      [10, 9],
      [99, 0],
    ] as const) {
      const verdict = judgeCode(rulesWith(), rowOf(part, { failures }), t0, { evidence: wrong })
      expect(verdict).toEqual({
        status: 'wrong',
        part,
        refusal: { status: 'refused', code: 'code_incorrect', attemptsLeft },
      })
    }
  })

  test('for an app that was never set up is refused without counting', () => {
    const verdict = judgeCode(rulesWith(), rowWith(), t0, { evidence: codeOf(t0) })
    expect(verdict).toEqual({ status: 'refused', code: 'factor_not_enrolled' })
  })
})

describe('somebody who watched a code being typed', () => {
  test('and types it again: it is used up, in its own step and the next, and not counted', () => {
    const code = codeOf(t0)
    const part = passed(partWith(), t0, code)
    for (const later of [0, 29 * second, 30 * second, 59 * second]) {
      expect(judge(part, t0 + later, code)).toEqual({ status: 'refused', code: 'code_used' })
    }
    expect(wordFor(judge(part, t0 + minute, code))).toBe('code_incorrect')
  })

  test('and types the one before it, never typed: it is used up too', () => {
    const part = passed(partWith(), t0)
    expect(wordFor(judge(part, t0, codeOf(t0 - 30 * second)))).toBe('code_used')
  })

  test('and types one that a fast clock showed early: every step up to it is used up', () => {
    const part = passed(partWith(), t0, codeOf(t0 + 30 * second))
    for (const at of [t0, t0 + 30 * second, t0 + 59 * second]) {
      expect(wordFor(judge(part, at, codeOf(t0 + 30 * second)))).toBe('code_used')
    }
    expect(wordFor(judge(part, t0, codeOf(t0)))).toBe('code_used')
    expect(wordFor(judge(part, t0 + minute, codeOf(t0 + minute)))).toBe('right')
  })

  test('and types the setup code: it is used up too', () => {
    const part = partWith({ lastStep: stepAt(t0) })
    expect(wordFor(judge(part, t0, codeOf(t0)))).toBe('code_used')
    expect(wordFor(judge(part, t0 + 30 * second, codeOf(t0 + 30 * second)))).toBe('right')
  })
})

describe('a wrong clock', () => {
  const ahead = t0 + hour
  const before = passed(partWith(), t0 - 30 * second)
  const during = passed(before, ahead)

  test('locks nobody out: once corrected, the next code passes', () => {
    const part = passed(during, t0)
    expect(part.lastStep).toBe(stepAt(t0))
    expect(wordFor(judge(part, t0 + 30 * second, codeOf(t0 + 30 * second)))).toBe('right')
  })

  test('makes no used code valid again: not one from before it jumped', () => {
    expect(wordFor(judge(during, t0, codeOf(t0 - 30 * second)))).toBe('code_used')
  })

  test('nor one accepted while it was wrong, when its time comes', () => {
    let part = during
    for (let now = t0; now < ahead - 2 * minute; now += minute) part = passed(part, now)
    expect(part.earlierSteps.length).toBeLessThanOrEqual(6)
    expect(wordFor(judge(part, ahead, codeOf(ahead)))).toBe('code_used')
    expect(wordFor(judge(part, ahead + 30 * second, codeOf(ahead + 30 * second)))).toBe('right')
  })

  test('is tolerated up to one step beyond the drift, because the clocks of two servers can differ', () => {
    const part = partWith({ lastStep: stepAt(t0) + 2 })
    expect(wordFor(judge(part, t0, codeOf(t0 + 30 * second)))).toBe('code_used')
    const further = partWith({ lastStep: stepAt(t0) + 3 })
    expect(wordFor(judge(further, t0, codeOf(t0 + 30 * second)))).toBe('right')
  })
})

describe('the application’s secrets', () => {
  const part = partWith()
  const rotated = rulesWith({ secret: [otherSecret, firstSecret] })

  test('are rotated: a pass reseals under the new one in the same write', () => {
    const next = passed(part, t0, codeOf(t0), rotated)
    expect(part.sealedBy).toBe(createKeyRing(firstSecret).issuingKeyId)
    expect(next.sealedBy).toBe(createKeyRing(otherSecret).issuingKeyId)
    const alone = rulesWith({ secret: otherSecret })
    expect(wordFor(judge(next, t0 + minute, codeOf(t0 + minute), alone))).toBe('right')
  })

  test('are unchanged: the sealed secret is left as it is', () => {
    expect(passed(part, t0).sealed).toBe(part.sealed)
  })

  test('are rotated and the code is wrong: nothing is resealed', () => {
    const verdict = judge(part, t0, codeAt(appSecret, 1), rotated)
    expect(verdict).toMatchObject({ status: 'wrong', part })
  })

  test('are gone: no code is judged or counted, and the app is not forgotten', () => {
    const without = rulesWith({ secret: otherSecret })
    for (const code of [codeOf(t0), '000000']) {
      const verdict = judge(part, t0, code, without)
      expect(verdict).toEqual({ status: 'refused', code: 'factors_lost' })
    }
  })
})

describe('an attacker who writes to the database', () => {
  test('and copies their own sealed secret into another user’s row: it does not open', () => {
    const stolen = judgeCode(rulesWith(), { ...rowOf(partWith()), subject: 'user-2' }, t0, {
      evidence: codeOf(t0),
    })
    expect(stolen).toEqual({ status: 'refused', code: 'factors_lost' })
  })

  test('and changes the sealed secret, or the id it is bound to: it does not open', () => {
    const { sealed } = partWith()
    const changed = `${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`
    for (const fields of [{ sealed: changed }, { sealed: '' }, { id: 'app-2' }]) {
      expect(wordFor(judge(partWith(fields), t0, codeOf(t0)))).toBe('factors_lost')
    }
  })
})
