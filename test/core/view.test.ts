import { describe, expect, test } from 'vitest'

import { secondsUntil } from '../../src/core/view.js'
import { second, t0 } from '../support/clock.js'

describe('the seconds until an instant', () => {
  test.each([
    [1, 1],
    [second, 1],
    [second + 1, 2],
    [300 * second - 1, 300],
  ])('%d ms ahead are rounded up to %d', (ms, seconds) => {
    expect(secondsUntil(t0 + ms, t0)).toBe(seconds)
  })

  test.each([0, 1, 300 * second])('are 0 from then on: %d ms later', (ms) => {
    expect(secondsUntil(t0, t0 + ms)).toBe(0)
  })
})
