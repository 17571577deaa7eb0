/** Compares a message with the counts: the limits without room, and the room left in the others. */

import type { CountSums, CountWindows, Take } from '../../../ports/count-store.js'
import type { Finding } from '../ports/send-guard.js'
import { additionOf, type Budget } from './counters.js'
import { millionths } from './resolve-rules.js'
import { roomIn, spentCaps, type Cap } from './windows.js'

/** The sums of counters. A counter without units may be missing. */
export type Sums = ReadonlyMap<string, CountSums>

const none: CountSums = { now: 0, beside: 0, hour: 0, day: 0, week: 0 }

/** The sums of one counter. */
export function sumsOf(sums: Sums, counter: string): CountSums {
  return sums.get(counter) ?? none
}

/** A finding and its budget. */
export interface FoundFull {
  readonly budget: Budget
  readonly finding: Finding
}

/** The limits that have no room for the message. */
export function findFull(budgets: readonly Budget[], sums: Sums): readonly FoundFull[] {
  return budgets.flatMap((budget) => {
    const held = sumsOf(sums, budget.counter)
    return spentCaps(budget.caps, held, budget.units).map((cap) => foundFull(budget, cap, held))
  })
}

/** The finding for a counter that other messages have filled since its sums were read. */
export function foundTaken(budget: Budget, sums: Sums): readonly FoundFull[] {
  const held = sumsOf(sums, budget.counter)
  const tightest = budget.caps.toSorted(
    (left, right) => left.limit - held[left.window] - (right.limit - held[right.window]),
  )
  return tightest.slice(0, 1).map((cap) => foundFull(budget, cap, held))
}

/**
 * The units to take from each counter, in the order of counters and buckets. Near the edge of a bucket, the units are
 * also held in the neighbouring bucket, because a process with a different clock may be taking there. A rule that
 * only records takes without a limit.
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
