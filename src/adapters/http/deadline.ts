/** Limits the time of one outgoing call, response body included. */

import { misconfigured } from './misconfigured.js'

const defaultTimeoutSeconds = 10

/** The flows wait 15 s for an adapter, so it has to give up earlier to report an outcome. */
export const longestTimeoutSeconds = 14

/**
 * Checks the option `timeoutSeconds` and fills in its default.
 *
 * @throws ConfigurationError unless it is a number above 0 and at most 14.
 */
export function resolveTimeout(factory: string, seconds: unknown = defaultTimeoutSeconds): number {
  if (typeof seconds === 'number' && seconds > 0 && seconds <= longestTimeoutSeconds) return seconds
  return misconfigured(
    factory,
    'timeoutSeconds',
    `must be a number above 0 and at most ${longestTimeoutSeconds}`,
  )
}

/** The value that `Deadline.passed` resolves with, which a race can tell from any response. */
export const timedOut = Symbol('timed out')

/** A running deadline. Clear it once the call is over, or its timer keeps the process alive. */
export interface Deadline {
  /** Aborts at the deadline, for clients that accept a signal. */
  readonly signal: AbortSignal
  /** Resolves at the deadline, to race against clients that accept no signal. */
  readonly passed: Promise<typeof timedOut>
  clear(): void
}

/** Starts a deadline. */
export function startDeadline(seconds: number): Deadline {
  const controller = new AbortController()
  const { signal } = controller
  const passed = new Promise<typeof timedOut>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve(timedOut)
    })
  })
  const timer = setTimeout(() => {
    controller.abort()
  }, seconds * 1000)
  return {
    signal,
    passed,
    clear() {
      clearTimeout(timer)
    },
  }
}

/** Runs one call with a deadline. Resolves with `timedOut` if it has not settled by then; the call is not stopped. */
export async function withinDeadline<T>(
  seconds: number,
  call: (signal: AbortSignal) => T | PromiseLike<T>,
): Promise<T | typeof timedOut> {
  const deadline = startDeadline(seconds)
  try {
    return await Promise.race([call(deadline.signal), deadline.passed])
  } finally {
    deadline.clear()
  }
}
