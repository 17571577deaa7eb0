/** Reads the `Retry-After` header. */

/** Longer waits are cut to this: a misconfigured server or proxy must not block sending for days. */
const longestWaitSeconds = 3_600

/** Whole seconds to wait, at most an hour; `undefined` unless it is a positive number, so also for a date. */
export function retryAfterSeconds(header: unknown): number | undefined {
  const seconds = Number(header)
  return seconds > 0 ? Math.min(Math.ceil(seconds), longestWaitSeconds) : undefined
}
