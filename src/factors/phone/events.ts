/** The events that only the phone emits. Phones in them are masked. */

import type { Purpose } from '../../core/state.js'
import type { AboutSubject, UntimedEvent } from '../../ports/event-sink.js'
import type { FactorChange } from '../../ports/factor.js'
import type { SendResult } from './ports/code-sender.js'
import type { Channel, DeliveryReason, DeliveryStatus } from './rules/part.js'

/** A message that carries a code. */
interface AboutMessage extends AboutSubject {
  readonly purpose: Purpose
  readonly channel: Channel
  readonly destination: string
  /** ISO 3166 code of the phone's country; `null` for a network of no country. */
  readonly country: string | null
}

/** The phone's events by their `type`. */
export interface PhoneEvents {
  readonly challenge_sent: AboutMessage & {
    /** Whether the running challenge's code was sent again. */
    readonly resent: boolean
    /** The vendor's id of the message. */
    readonly reference: string | null
  }
  readonly delivery_failed: AboutSubject & {
    /** `null` where a vendor reports the failure of a message that no running challenge waits for. */
    readonly purpose: Purpose | null
    readonly channel: Channel | null
    readonly destination: string
    /** As of `challenge_sent`. */
    readonly country: string | null
    /** As of `challenge_sent`; `null` where a vendor reports the failure of an earlier message. */
    readonly resent: boolean | null
    readonly outcome: 'maybe_sent' | 'rejected' | 'operator_fault'
    readonly reason: string
  }
  readonly delivery_reported: AboutSubject & {
    /** The name of the source. */
    readonly source: string
    readonly destination: string
    readonly delivery: DeliveryStatus
    readonly reason: DeliveryReason | null
    /** The vendor's own code of the failure. */
    readonly vendorCode: string | null
    /** The vendor's id of the message. */
    readonly reference: string
    /** Whether a running challenge was waiting for it. Without one, `subject` is the masked phone. */
    readonly matched: boolean
  }
  readonly check_failed: AboutSubject & {
    readonly purpose: Purpose
    /** Whether the vendor may have judged the code all the same. */
    readonly judged: 'no' | 'maybe'
    readonly reason: string
  }
  readonly phone_verified: AboutSubject & { readonly destination: string }
  /** A user has said whether codes are to be sent to their phone. */
  readonly codes_switched: AboutSubject & { readonly on: boolean }
  /** A message about a change of the user's other factors was sent, or was not. */
  readonly factor_change_notified: AboutSubject & {
    readonly change: FactorChange<unknown>['change']
    readonly destination: string
    readonly outcome: SendResult['status']
  }
  /** A message to the phone that was replaced was sent, or was not. */
  readonly replaced_phone_notified: AboutSubject & {
    readonly destination: string
    readonly outcome: SendResult['status'] | 'no_sender'
  }
}

/** What the event of a pass says of a code that was sent. */
export interface PhonePassFacts {
  /** As of `challenge_sent`. Absent where the pass was by another factor. */
  readonly country?: string | null
}

declare module '../../ports/event-sink.js' {
  /** The phone's events. */
  interface Events extends PhoneEvents {}

  /** The facts of a pass by a code that was sent. */
  interface PassFacts extends PhonePassFacts {}
}

/** Whether an event belongs in the audit log: what changed, and messages that were refused. Counts have all messages. */
export function isAudited(event: UntimedEvent): boolean {
  if (event.type === 'send_decided') return event.verdict === 'refused'
  return ['phone_verified', 'codes_switched', 'replaced_phone_notified'].includes(event.type)
}
