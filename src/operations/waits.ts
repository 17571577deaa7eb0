/** Estimates how long people wait, from counts of waits by length. */

import { waitBounds } from './counters.js'

/**
 * The wait in seconds that a given share of people does not exceed, interpolated between bounds as Prometheus does.
 * `null` if nobody waited; the highest bound if the result lies beyond it.
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
