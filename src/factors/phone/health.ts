/** How the vendor of messages and the counts of the limits stand, as far as this process knows. */

import type { Instant } from '../../core/state.js'
import type { CountStore } from '../../ports/count-store.js'
import type { UntimedEvent } from '../../ports/event-sink.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { HealthCheck } from '../../ports/health.js'
import './events.js'
import { bucketOf } from './limits/windows.js'

/** So many failures in a row, with no message among them that was sent, are no accident any more. */
const failuresOfAnOutage = 10

/** What became of the latest messages. */
export interface RecentSends {
  note(event: UntimedEvent): void
  check(): HealthCheck
}

/** Makes what remembers the latest messages of this process. */
export function recentSends(clock: () => Instant): RecentSends {
  let failures = 0
  let last: { readonly outcome: string; readonly at: Date } | null = null
  return {
    note(event) {
      const isSent = event.type === 'challenge_sent'
      if (!isSent && event.type !== 'delivery_failed') return
      // A phone that cannot be reached says nothing of the vendor.
      if (!isSent && event.outcome === 'rejected' && event.reason.startsWith('destination_')) return
      const outcome = isSent ? 'sent' : event.outcome
      failures = isSent ? 0 : failures + 1
      last = { outcome, at: new Date(clock()) }
    },
    check: () => ({
      // What is wrong with our account at the vendor stops every message, so that the first one tells.
      ok: failures < failuresOfAnOutage && last?.outcome !== 'operator_fault',
      lastOutcome: last?.outcome ?? null,
      at: last?.at ?? null,
    }),
  }
}

/** The checks: `sender`, and `counts` where there are limits. */
export function phoneHealth(
  tools: Pick<FactorTools, 'clock'>,
  sends: RecentSends,
  counts: CountStore | null,
): Readonly<Record<string, HealthCheck | Promise<HealthCheck>>> {
  const sender = sends.check()
  return counts === null ? { sender } : { sender, counts: countsCheck(tools, counts) }
}

async function countsCheck(
  { clock }: Pick<FactorTools, 'clock'>,
  counts: CountStore,
): Promise<HealthCheck> {
  const began = clock()
  try {
    const now = bucketOf(began)
    await counts.series(['~~'], now)
    return { ok: true, milliseconds: clock() - began }
  } catch {
    return { ok: false, milliseconds: clock() - began }
  }
}
