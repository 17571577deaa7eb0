/** Takes a message's units from all of its counters, or from none. */

import type { Instant } from '../../../core/state.js'
import type { Take } from '../../../ports/count-store.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { BoundedCounts } from './bounded-counts.js'
import type { Budget } from './counters.js'
import { foundTaken, takesOf, type FoundFull, type Sums } from './findings.js'
import { isTooLate, windowsAt } from './windows.js'

/** The result of a take. */
export type Taking =
  | { readonly status: 'taken'; readonly takes: readonly Take[] }
  /** Other messages have filled a counter since the sums were read. Nothing is taken. */
  | { readonly status: 'full'; readonly full: readonly FoundFull[] }
  | { readonly status: 'unavailable' }

/** The tools of a take. */
export interface TakeTools {
  readonly counts: BoundedCounts
  readonly clock: FactorTools['clock']
}

/**
 * Takes a message's units. The write checks the room in each bucket, so parallel messages in the same bucket cannot
 * exceed a limit. Near the edge of a bucket, messages in the neighbouring bucket also hold their units here.
 *
 * @param readAt The time at which the sums were read.
 */
export async function takeUnits(
  { counts, clock }: TakeTools,
  budgets: readonly Budget[],
  sums: Sums,
  readAt: Instant,
): Promise<Taking> {
  if (budgets.length === 0) return { status: 'taken', takes: [] }
  const takes = takesOf(budgets, sums, windowsAt(readAt))
  const lacking = await counts.ask((store) => store.take(takes))
  if (lacking === null) return { status: 'unavailable' }
  if (lacking.length > 0) {
    const lost = budgets.filter(({ counter }) => lacking.includes(counter))
    // If the counts name no counter of ours, nothing was taken, and it is not known which limit is full.
    if (lost.length === 0) return { status: 'unavailable' }
    return { status: 'full', full: lost.flatMap((budget) => foundTaken(budget, sums)) }
  }
  if (!isTooLate(readAt, clock())) return { status: 'taken', takes }
  // The bucket may have rolled over, and other messages counted in one that this message did not hold.
  await counts.try((store) => store.release(takes))
  return { status: 'unavailable' }
}
