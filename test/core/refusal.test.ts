import { describe, expect, test } from 'vitest'

import { isRefusal, refusal, refusalUntil, retryFacts } from '../../src/core/refusal.js'
import { t0 } from '../support/clock.js'

describe('a refusal', () => {
  test('is only its code if there is nothing more to say', () => {
    expect(refusal('no_challenge')).toStrictEqual({ status: 'refused', code: 'no_challenge' })
    expect(refusalUntil('locked_out', null, t0)).toStrictEqual({
      status: 'refused',
      code: 'locked_out',
    })
    expect(JSON.parse(JSON.stringify(refusal('code_expired')))).toEqual(refusal('code_expired'))
  })

  test('keeps its other fields besides the time', () => {
    expect(refusalUntil('attempts_exhausted', t0 + 1_000, t0, { attemptsLeft: 0 })).toStrictEqual({
      status: 'refused',
      code: 'attempts_exhausted',
      attemptsLeft: 0,
      retryAt: new Date(t0 + 1_000),
      retryAfterSeconds: 1,
    })
  })

  test.each([
    [1, 1],
    [999, 1],
    [1_000, 1],
    [1_001, 2],
    [30_000, 30],
    [86_400_000, 86_400],
  ])('rounds %d ms up to %d whole seconds, which keeps retries from being early', (ms, seconds) => {
    expect(retryFacts(t0 + ms, t0).retryAfterSeconds).toBe(seconds)
  })

  test.each([0, -1, -60_000])('is at least one second, even %d ms after its time', (ms) => {
    expect(retryFacts(t0 + ms, t0).retryAfterSeconds).toBe(1)
  })

  test('is distinguished from any other value', () => {
    expect(isRefusal(refusal('locked_out'))).toBe(true)
    for (const status of ['pending', 'passed', 'issued', '']) {
      expect(isRefusal({ status })).toBe(false)
    }
    for (const other of [null, undefined, 'refused', 5, [], {}, new Error('refused')]) {
      expect(isRefusal(other)).toBe(false)
    }
  })
})
