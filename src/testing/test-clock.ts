/** A clock that stands still until a test moves it. */

import { ConfigurationError } from '../core/errors.js'
import { assertNotProduction } from '../core/not-production.js'

/** A clock for the option `clock`: calling it returns milliseconds since the epoch. */
export interface TestClock {
  (): number
  /** Advances the clock by this many seconds. */
  advance(seconds: number): void
}

/**
 * Makes a clock that starts at an instant: an ISO string, a `Date`, or milliseconds since the epoch.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production` or `start` is not an instant; `advance`, if not given a number.
 * @example
 * const clock = testClock()
 * const app = createApp({ clock })
 * clock.advance(301) // a step-up of 300 seconds is stale
 */
export function testClock(start: string | number | Date = '2026-01-01T00:00:00Z'): TestClock {
  assertNotProduction('testClock', process.env)
  let now = new Date(start).getTime()
  if (Number.isNaN(now)) {
    throw new ConfigurationError(
      `testClock needs an instant, such as '2026-01-01T00:00:00Z', not ${String(start)}`,
    )
  }
  return Object.assign(() => now, {
    advance(seconds: number) {
      if (!Number.isFinite(seconds)) {
        throw new ConfigurationError(
          `testClock.advance needs a number of seconds, not ${String(seconds)}`,
        )
      }
      now += seconds * 1000
    },
  })
}
