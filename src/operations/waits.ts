/** How long people wait, out of counts of waits by their length. */

import { waitBounds } from './counters.js'

/**
 * The wait in seconds that a share of people does not exceed, worked out as Prometheus does: evenly spread between the
 * bounds. `null` where nobody waited; the greatest bound where it is longer than that.
 */
export function quantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = share * total
  let below = 0
  for (const [index, upper] of waitBounds.entries()) {
    const within = counts[index] ?? 0
    if (within > 0 && below + within >= rank) {
      const lower = waitBounds[index - 1] ?? 0
      return lower + ((upper - lower) * (rank - below)) / within
    }
    below += within
  }
  return waitBounds.at(-1) ?? null
}
