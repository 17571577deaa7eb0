/** What every flow works with. */

import { ConfigurationError } from '../core/errors.js'
import type { KeyRing } from '../core/keys.js'
import type { Policy } from '../core/policy.js'
import type { Instant } from '../core/state.js'
import { maskedSubject } from '../core/subject.js'
import type { EventSink, UntimedEvent } from '../ports/event-sink.js'
import type { Factor } from '../ports/factor.js'
import type { StateStore } from '../ports/state-store.js'
import type { AuditTrail } from './audit/audit-trail.js'

export interface FlowContext {
  readonly policy: Policy
  readonly store: StateStore
  /** The factors in force, the preferred first. At least one. */
  readonly factors: readonly Factor<never>[]
  readonly events: EventSink | undefined
  readonly clock: () => Instant
  /** The ring of the `secret` option. @throws ConfigurationError where there is no secret. */
  readonly keys: () => KeyRing
  /** Timeout of one call to the store, and to the audit log. */
  readonly storeTimeoutSeconds: number
  /** Absent where nothing is audited. */
  readonly audit?: AuditTrail | undefined
  /** What `close` waits for. None rejects. */
  readonly closers?: readonly (() => Promise<void>)[]
}

/** Passes an event to the audit trail and to the application's sink, whose own faults stay its own. */
export function emit(
  context: Pick<FlowContext, 'events' | 'clock' | 'audit'>,
  event: UntimedEvent,
): void {
  try {
    context.audit?.note(event)
  } catch {
    // As below.
  }
  if (context.events === undefined) return
  try {
    const at = new Date(context.clock())
    const shown = 'subject' in event ? { ...event, subject: maskedSubject(event.subject) } : event
    const answer = context.events.emit({ ...shown, at })
    // A promise of another library or realm is no instance of this Promise, and rejects all the same.
    Promise.resolve(answer).catch(() => undefined)
  } catch {
    // A sink observes; it has no say in the decision.
  }
}

/**
 * The clock in whole milliseconds. Stores keep no fractions, so that a row would not come back as it was written.
 *
 * @throws ConfigurationError at a call, where the clock returns anything but milliseconds.
 */
export function wholeMilliseconds(clock: () => number): () => Instant {
  return () => {
    const now: unknown = clock()
    // The range of Date.
    if (typeof now === 'number' && Math.abs(now) <= 8.64e15) return Math.floor(now)
    throw new ConfigurationError(
      'clock must return milliseconds since the epoch, as Date.now does',
      'clock',
    )
  }
}
