/** What every flow works with. */

import type { KeyRing } from '../core/code.js'
import { maskPhone } from '../core/mask.js'
import type { Policy } from '../core/policy.js'
import type { Instant } from '../core/state.js'
import type { EventSink, SecondFactorEvent } from '../ports/event-sink.js'
import type { HostedVerifier } from '../ports/hosted-verifier.js'
import type { StateStore } from '../ports/state-store.js'
import type { Delivery } from './delivery.js'
import { phoneSubjectPrefix } from './users.js'

export interface FlowContext {
  readonly policy: Policy
  readonly store: StateStore
  /** Our own codes' secrets; `null` where a vendor owns all codes. */
  readonly keys: KeyRing | null
  readonly delivery: Delivery
  /** Judges the codes that a vendor owns; `null` where all codes are ours. */
  readonly verifier: HostedVerifier | null
  readonly events: EventSink | undefined
  /** Whether vendors report deliveries here, for which a start then keeps the message's id by one more write. */
  readonly keepsReceipts: boolean
  readonly clock: () => Instant
  /** Longest wait for one call to the store. */
  readonly storeTimeoutSeconds: number
}

type Details<Event> = Event extends SecondFactorEvent ? Omit<Event, 'at'> : never

/** Tells the sink, whose own faults stay its own. */
export function emit(context: FlowContext, event: Details<SecondFactorEvent>): void {
  if (context.events === undefined) return
  try {
    const at = new Date(context.clock())
    const shown = 'subject' in event ? { ...event, subject: shownSubject(event.subject) } : event
    const answer = context.events.emit({ ...shown, at })
    // A promise of another library or realm is no instance of this Promise, and rejects all the same.
    Promise.resolve(answer).catch(() => undefined)
  } catch {
    // A sink observes; it has no say in the decision.
  }
}

/** A subject that is a number is masked like one. */
function shownSubject(subject: string): string {
  return subject.startsWith(phoneSubjectPrefix)
    ? `${phoneSubjectPrefix}${maskPhone(subject)}`
    : subject
}
