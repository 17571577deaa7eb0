/** Which events go to the audit log beside what operators do, and what an entry keeps of one. */

import type { UntimedEvent } from '../../ports/event-sink.js'
import type { Factor } from '../../ports/factor.js'

/** Events of the rooms that name no factor: who got in, what changed, and what was refused or failed. */
const shared: ReadonlySet<string> = new Set<UntimedEvent['type']>([
  ...(['fault', 'start_refused', 'locked', 'passed', 'code_reused', 'factors_lost'] as const),
  ...(['factor_added', 'factor_removed', 'device_trusted', 'device_revoked'] as const),
  ...(['device_token_reused'] as const),
])

/** Whether an event is audited. What operators do has an entry of its own already, written before it was done. */
export function isAudited(
  event: UntimedEvent,
  factors: readonly Pick<Factor<never>, 'isAudited'>[],
): boolean {
  if ('by' in event && event.by === 'operator') return false
  return shared.has(event.type) || factors.some((factor) => factor.isAudited?.(event) === true)
}

/** The longest text of a detail: some come from browsers and vendors. */
const longest = 200

/** The largest list or object among the details. */
const largest = 2_000

/** The facts of an event beside its type, its subject, and who acted. */
export function detailsOf(event: object): Readonly<Record<string, unknown>> {
  const facts = Object.entries<unknown>({ ...event }).flatMap(([name, value]) => {
    if (['type', 'subject', 'actor', 'reason', 'at'].includes(name)) return []
    const kept = keptOf(value)
    return kept === undefined ? [] : [[name, kept] as const]
  })
  return Object.fromEntries(facts)
}

function keptOf(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, longest)
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object' || value === null) return value
  const text = JSON.stringify(value)
  return text.length > largest ? undefined : (JSON.parse(text) as unknown)
}
