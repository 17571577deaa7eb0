/** Selects the events for the audit log, besides operators' actions, and the fields that an entry keeps. */

import type { UntimedEvent } from '../../ports/event-sink.js'
import type { Factor } from '../../ports/factor.js'

/** The audited events that all factors share. */
const shared: ReadonlySet<string> = new Set<UntimedEvent['type']>([
  ...(['fault', 'start_refused', 'locked', 'passed', 'code_reused', 'factors_lost'] as const),
  ...(['factor_added', 'factor_removed', 'device_trusted', 'device_revoked'] as const),
  ...(['device_token_reused'] as const),
])

/**
 * True if an event is audited. An operator's action is not: it already has an entry, written before it was performed.
 */
export function isAudited(
  event: UntimedEvent,
  factors: readonly Pick<Factor<never>, 'isAudited'>[],
): boolean {
  if ('by' in event && event.by === 'operator') return false
  return shared.has(event.type) || factors.some((factor) => factor.isAudited?.(event) === true)
}

/** Maximum length of a string in the details. Some come from browsers and vendors. */
const longest = 200

/** Maximum size of an array or object in the details, as JSON. */
const largest = 2_000

/** The details of an event: its fields without type, subject, actor and reason. */
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
