/** Waits for a condition, rather than for a time. */

import { setTimeout as pause } from 'node:timers/promises'

/** Asks again and again until the answer is yes; throws after so many seconds without one. */
export async function until(met: () => Promise<boolean>, seconds = 20): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (!(await met())) {
    if (Date.now() > deadline) throw new Error(`not met within ${seconds} s: ${met.toString()}`)
    await pause(20)
  }
}
