/** What the counts say of a message: which limits have no room, and how much room the others have. */

import type { CountSums, CountWindows, Take } from '../../../ports/count-store.js'
import type { Finding } from '../ports/send-guard.js'
import { additionOf, type Budget } from './counters.js'
import { millionths } from './resolve-rules.js'
import { roomIn, spentCaps, type Cap } from './windows.js'

/** The sums of counters; one without units may be absent. */
export type Sums = ReadonlyMap<string, CountSums>

const none: CountSums = { now: 0, beside: 0, hour: 0, day: 0, week: 0 }

/** The sums of one counter. */
export function sumsOf(sums: Sums, counter: string): CountSums {
  return sums.get(counter) ?? none
}

/** A finding, and the budget that it is about. */
export interface FoundFull {
  readonly budget: Budget
  readonly finding: Finding
}

/** The limits without room for the message. */
export function findFull(budgets: readonly Budget[], sums: Sums): readonly FoundFull[] {
  return budgets.flatMap((budget) => {
    const held = sumsOf(sums, budget.counter)
    return spentCaps(budget.caps, held, budget.units).map((cap) => foundFull(budget, cap, held))
  })
}

/** The finding of a counter that others have filled since its sums were read. */
export function foundTaken(budget: Budget, sums: Sums): readonly FoundFull[] {
  const held = sumsOf(sums, budget.counter)
  const tightest = budget.caps.toSorted(
    (left, right) => left.limit - held[left.window] - (right.limit - held[right.window]),
  )
  return tightest.slice(0, 1).map((cap) => foundFull(budget, cap, held))
}

/**
 * What to take of each counter, in the order of counters and buckets. Near an edge the units are held in the bucket beside
 * as well, where another process may be taking, so that neither can miss the other. A rule that only records takes without
 * a limit.
 */
export function takesOf(
  budgets: readonly Budget[],
  sums: Sums,
  { now, beside }: CountWindows,
): readonly Take[] {
  return budgets.flatMap((budget) => {
    const held = sumsOf(sums, budget.counter)
    const isBound = budget.action === 'refuse'
    const room = (inBucket: number) => (isBound ? roomIn(budget.caps, held, inBucket) : null)
    const take: Take = { ...additionOf(budget, now), room: room(held.now), isHold: false }
    if (beside === null || !isBound) return [take]
    const hold: Take = { ...additionOf(budget, beside), room: room(held.beside), isHold: true }
    return beside < now ? [hold, take] : [take, hold]
  })
}

function foundFull(budget: Budget, { window, limit }: Cap, held: CountSums): FoundFull {
  const { rule, action } = budget
  const shown = (units: number) => (rule === 'spend' ? units / millionths : units)
  return {
    budget,
    finding: { rule, window, count: shown(held[window]), limit: shown(limit), action },
  }
}
