/** Waits for a condition instead of a fixed time, up to a timeout. */

import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is yes; throws after so many seconds without one. */
export async function until(met: () => Promise<boolean>, seconds = 20): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (!(await met())) {
    if (Date.now() > deadline) throw new Error(`not met within ${seconds} s: ${met.toString()}`)
    await pause(20)
  }
}

/** The result of work; throws if it takes longer than the given number of seconds. */
export async function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  const ended = new AbortController()
  const late = pause(seconds * 1000, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`no answer within ${seconds} s`)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    ended.abort()
    late.catch(() => undefined)
  }
}
