/** No code passes twice, with any input and any clock. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { codeAt, stepAt } from '../../../src/factors/totp/rules/codes.js'
import type { TotpPart } from '../../../src/factors/totp/rules/part.js'
import { second, t0 } from '../../support/clock.js'
import { appSecret, judge, partWith, rulesWith } from './build.js'

/** One try: time passes, and a code is typed that the app shows some steps away from then. */
const tries = fc.array(
  fc.record({
    seconds: fc.integer({ min: 0, max: 100 }),
    away: fc.integer({ min: -3, max: 3 }),
  }),
  { maxLength: 60, size: 'max' },
)

describe('whatever is typed, and whenever', () => {
  test('each code passes once, and the last used step only rises', () => {
    fc.assert(
      fc.property(tries, fc.constantFrom(0, 1, 2), (life, driftSteps) => {
        const rules = rulesWith({ driftSteps })
        let part = partWith()
        let now = t0
        const used = new Set<string>()
        for (const { seconds, away } of life) {
          now += seconds * second
          const code = codeAt(appSecret, stepAt(now) + away)
          const verdict = judge(part, now, code, rules)
          if (verdict.status !== 'right') continue
          const next = verdict.part as TotpPart
          expect(next.lastStep).toBeGreaterThan(part.lastStep)
          expect(Math.abs(next.lastStep - stepAt(now))).toBeLessThanOrEqual(driftSteps)
          expect(used.has(String(next.lastStep))).toBe(false)
          used.add(String(next.lastStep))
          part = next
        }
      }),
    )
  })

  test('the code that the app shows always passes if its step is later than the last used one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3, max: 1 }),
        fc.integer({ min: 0, max: 29 }),
        (last, within) => {
          const now = t0 + within * second
          const part = partWith({ lastStep: stepAt(now) + last })
          const verdict = judge(part, now, codeAt(appSecret, stepAt(now)))
          expect(verdict.status === 'right').toBe(last < 0)
        },
      ),
    )
  })

  test('no code passes twice while the clock jumps ahead and back', () => {
    const leaps = fc.array(
      fc.record({
        hours: fc.constantFrom(0, 0, 0, 1, -1),
        seconds: fc.integer({ min: 0, max: 60 }),
        away: fc.integer({ min: -1, max: 1 }),
      }),
      { maxLength: 30, size: 'max' },
    )
    fc.assert(
      fc.property(leaps, (life) => {
        let part = partWith()
        let now = t0
        let left = 2
        const used = new Set<number>()
        for (const { hours, seconds, away } of life) {
          if (hours !== 0) left -= 1
          now += (left >= 0 ? hours * 3_600 : 0) * second + seconds * second
          const verdict = judge(part, now, codeAt(appSecret, stepAt(now) + away))
          if (verdict.status !== 'right') continue
          part = verdict.part as TotpPart
          expect(used.has(part.lastStep)).toBe(false)
          used.add(part.lastStep)
        }
      }),
      { numRuns: 300 },
    )
  })
})
