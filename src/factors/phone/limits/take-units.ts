/** Takes a message's units on all of its counters, or on none. */

import type { Instant } from '../../../core/state.js'
import type { Take } from '../../../ports/count-store.js'
import type { FactorTools } from '../../../ports/factor-tools.js'
import type { BoundedCounts } from './bounded-counts.js'
import type { Budget } from './counters.js'
import { foundTaken, takesOf, type FoundFull, type Sums } from './findings.js'
import { isTooLate, windowsAt } from './windows.js'

/** What became of a take. */
export type Taking =
  | { readonly status: 'taken'; readonly takes: readonly Take[] }
  /** Others have filled a counter since the sums were read. Nothing is taken. */
  | { readonly status: 'full'; readonly full: readonly FoundFull[] }
  | { readonly status: 'unavailable' }

/** What a take works with. */
export interface TakeTools {
  readonly counts: BoundedCounts
  readonly clock: FactorTools['clock']
}

/**
 * Takes. The write holds each bucket to its room, so that of many takers none is too many: who takes in the same bucket
 * meets there, and near an edge, who takes in the bucket beside holds its units here too.
 *
 * @param readAt When the sums were asked for.
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
    // Counts that name none of ours have taken nothing, and say nothing of our limits.
    if (lost.length === 0) return { status: 'unavailable' }
    return { status: 'full', full: lost.flatMap((budget) => foundTaken(budget, sums)) }
  }
  if (!isTooLate(readAt, clock())) return { status: 'taken', takes }
  // Others may have counted in buckets that nobody held for this message.
  await counts.try((store) => store.release(takes))
  return { status: 'unavailable' }
}
