/** The health of the message vendor and of the limits' counts, as seen by this process. */

import type { Instant } from '../../core/state.js'
import type { CountStore } from '../../ports/count-store.js'
import type { UntimedEvent } from '../../ports/event-sink.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { HealthCheck } from '../../ports/health.js'
import './events.js'
import { bucketOf } from './limits/windows.js'

/** This many failures in a row count as an outage. */
const failuresOfAnOutage = 10

/** The outcomes of the latest messages. */
export interface RecentSends {
  note(event: UntimedEvent): void
  check(): HealthCheck
}

/** Creates the record of this process's latest messages. */
export function recentSends(clock: () => Instant): RecentSends {
  let failures = 0
  let last: { readonly outcome: string; readonly at: Date } | null = null
  return {
    note(event) {
      const isSent = event.type === 'challenge_sent'
      if (!isSent && event.type !== 'delivery_failed') return
      // A phone that cannot be reached says nothing about the vendor.
      if (!isSent && event.outcome === 'rejected' && event.reason.startsWith('destination_')) return
      const outcome = isSent ? 'sent' : event.outcome
      failures = isSent ? 0 : failures + 1
      last = { outcome, at: new Date(clock()) }
    },
    check: () => ({
      // A fault in our account at the vendor stops every message, so one is enough.
      ok: failures < failuresOfAnOutage && last?.outcome !== 'operator_fault',
      lastOutcome: last?.outcome ?? null,
      at: last?.at ?? null,
    }),
  }
}

/** The checks: `sender`, and `counts` if there are limits. */
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
