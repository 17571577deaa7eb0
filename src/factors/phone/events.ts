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
  /** ISO 3166 code of the phone's country; `null` for a network that belongs to no country. */
  readonly country: string | null
}

/** The phone's events by their `type`. */
export interface PhoneEvents {
  readonly challenge_sent: AboutMessage & {
    /** True if the running challenge's code was sent again. */
    readonly resent: boolean
    /** The vendor's id of the message. */
    readonly reference: string | null
  }
  readonly delivery_failed: AboutSubject & {
    /** `null` if a vendor reports a failure and no running challenge waits for the message. */
    readonly purpose: Purpose | null
    readonly channel: Channel | null
    readonly destination: string
    /** As in `challenge_sent`. */
    readonly country: string | null
    /** As in `challenge_sent`; `null` if a vendor reports the failure later. */
    readonly resent: boolean | null
    readonly outcome: 'maybe_sent' | 'rejected' | 'operator_fault'
    readonly reason: string
  }
  readonly delivery_reported: AboutSubject & {
    /** The name of the receipt source. */
    readonly source: string
    readonly destination: string
    readonly delivery: DeliveryStatus
    readonly reason: DeliveryReason | null
    /** The vendor's own error code. */
    readonly vendorCode: string | null
    /** The vendor's id of the message. */
    readonly reference: string
    /** True if a running challenge was waiting for it; if not, `subject` is the masked phone. */
    readonly matched: boolean
  }
  readonly check_failed: AboutSubject & {
    readonly purpose: Purpose
    /** `maybe` if the vendor may have judged the code all the same. */
    readonly judged: 'no' | 'maybe'
    readonly reason: string
  }
  readonly phone_verified: AboutSubject & { readonly destination: string }
  /** A user has turned codes to their phone on or off. */
  readonly codes_switched: AboutSubject & { readonly on: boolean }
  /** A message about a change to the user's factors was sent, or failed. */
  readonly factor_change_notified: AboutSubject & {
    readonly change: FactorChange<unknown>['change']
    readonly destination: string
    readonly outcome: SendResult['status']
  }
  /** A message to the replaced phone was sent, or failed. */
  readonly replaced_phone_notified: AboutSubject & {
    readonly destination: string
    readonly outcome: SendResult['status'] | 'no_sender'
  }
}

/** Facts about the sent code, for the event of a pass. */
export interface PhonePassFacts {
  /** As in `challenge_sent`. Absent if another factor passed. */
  readonly country?: string | null
}

declare module '../../ports/event-sink.js' {
  /** The phone's events. */
  interface Events extends PhoneEvents {}

  /** Facts about the sent code of a pass. */
  interface PassFacts extends PhonePassFacts {}
}

/** Returns true if an event belongs in the audit log: changes and refused messages. The counters cover all messages. */
export function isAudited(event: UntimedEvent): boolean {
  if (event.type === 'send_decided') return event.verdict === 'refused'
  return ['phone_verified', 'codes_switched', 'replaced_phone_notified'].includes(event.type)
}
