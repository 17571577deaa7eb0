/** Remembers a vendor's fraud blocks, because an attacker would just go on to the next number in the range. */

import type { Instant } from '../../../core/state.js'
import type { Addition } from '../../../ports/count-store.js'
import type { Finding } from '../ports/send-guard.js'
import { daySeconds } from '../rules/send-ledger.js'
import type { SendFacts } from './counters.js'
import { sumsOf, type Sums } from './findings.js'
import type { Limits } from './options.js'
import { bucketForDuration, bucketOf } from './windows.js'

/** The counter of the phones that a vendor has blocked together. */
export function blockCounter({ prefix }: Pick<SendFacts, 'prefix'>): string {
  return `b:${prefix}`
}

/** The addition that keeps the block for this many seconds. */
export function blockAddition(
  facts: Pick<SendFacts, 'prefix'>,
  seconds: number,
  now: Instant,
): Addition {
  const bucket = bucketForDuration(bucketOf(now), Math.min(seconds, daySeconds))
  return { counter: blockCounter(facts), bucket, units: 1, keepUntil: bucket + 156 }
}

/** The finding of a block in force; none if there is no block. */
export function findBlock(
  { rules, enforces }: Limits,
  facts: SendFacts,
  sums: Sums,
): readonly Finding[] {
  const { action } = rules.blocked
  const count = sumsOf(sums, blockCounter(facts)).day
  if (action === 'off' || count === 0) return []
  const refuses = action === 'refuse' && enforces
  return [{ rule: 'blocked', window: 'day', count, limit: 0, action: refuses ? action : 'record' }]
}
