/** The dependencies of every flow. */

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
  /** The configured factors, preferred first. At least one. */
  readonly factors: readonly Factor<never>[]
  readonly events: EventSink | undefined
  readonly clock: () => Instant
  /** Returns the key ring of the `secret` option. @throws ConfigurationError if there is no secret. */
  readonly keys: () => KeyRing
  /** Timeout of one call to the store or to the audit log. */
  readonly storeTimeoutSeconds: number
  /** Absent without an audit log. */
  readonly audit?: AuditTrail | undefined
  /** Functions that `close` calls and waits for. They never reject. */
  readonly closers?: readonly (() => Promise<void>)[]
}

/** Emits an event to the audit trail and to the application's sink, and ignores their errors. */
export function emit(
  context: Pick<FlowContext, 'events' | 'clock' | 'audit'>,
  event: UntimedEvent,
): void {
  try {
    context.audit?.note(event)
  } catch {
    // Ignored, as below.
  }
  if (context.events === undefined) return
  try {
    const at = new Date(context.clock())
    const shown = 'subject' in event ? { ...event, subject: maskedSubject(event.subject) } : event
    const answer = context.events.emit({ ...shown, at })
    // Wrap the result: a promise of another library or realm is not an instance of `Promise`, but can reject too.
    Promise.resolve(answer).catch(() => undefined)
  } catch {
    // A sink only observes. Its errors must not change a decision.
  }
}

/**
 * Rounds the clock down to whole milliseconds, because stores do not keep fractions.
 *
 * @throws ConfigurationError from the returned clock, if the application's clock does not return milliseconds.
 */
export function wholeMilliseconds(clock: () => number): () => Instant {
  return () => {
    const now: unknown = clock()
    // The maximum of a `Date`.
    if (typeof now === 'number' && Math.abs(now) <= 8.64e15) return Math.floor(now)
    throw new ConfigurationError(
      'clock must return milliseconds since the epoch, as Date.now does',
      'clock',
    )
  }
}
