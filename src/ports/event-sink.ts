/** Hears every decision. Events carry masked numbers, and never a code, a key or a full number. */

import type { RefusalCode } from '../core/refusal.js'
import type { Channel, DeliveryReason, DeliveryStatus, Method, Purpose } from '../core/state.js'
import type { SendResult } from './code-sender.js'

interface About {
  readonly subject: string
  readonly at: Date
}

/** A fault that a request met: the store, the session store or a callback of the application failed. */
export interface FaultEvent {
  readonly type: 'fault'
  readonly at: Date
  readonly code: 'store_unavailable' | 'directory_unavailable'
  /** What failed, in this package's words; never the cause's, which may hold anything. */
  readonly message: string
}

/** A decision, and the user it is about. `type` tells which. */
export type SecondFactorEvent = FaultEvent | DecisionEvent

/** What was decided about a user. */
export type DecisionEvent = About &
  (
    | {
        readonly type: 'challenge_sent'
        readonly purpose: Purpose
        readonly channel: Channel
        readonly destination: string
        /** Whether the running challenge's code was sent again. */
        readonly resent: boolean
        /** The vendor's id of the message. */
        readonly reference: string | null
      }
    | {
        readonly type: 'delivery_failed'
        readonly purpose: Purpose
        readonly channel: Channel
        readonly destination: string
        readonly outcome: 'maybe_sent' | 'rejected' | 'operator_fault'
        readonly reason: string
      }
    | {
        readonly type: 'delivery_reported'
        /** The name of the source. */
        readonly source: string
        readonly destination: string
        readonly delivery: DeliveryStatus
        readonly reason: DeliveryReason | null
        /** The vendor's own code of the failure. */
        readonly vendorCode: string | null
        /** The vendor's id of the message. */
        readonly reference: string
        /** Whether a running challenge was waiting for it. Without one, `subject` is the masked number. */
        readonly matched: boolean
      }
    | { readonly type: 'start_refused'; readonly purpose: Purpose; readonly code: RefusalCode }
    | {
        readonly type: 'verify_refused'
        readonly purpose: Purpose
        readonly code: RefusalCode
        readonly failures: number
      }
    | {
        readonly type: 'check_failed'
        readonly purpose: Purpose
        /** Whether the vendor may have judged the code all the same. */
        readonly judged: 'no' | 'maybe'
        readonly reason: string
      }
    | { readonly type: 'locked'; readonly failures: number; readonly until: Date | null }
    | { readonly type: 'passed'; readonly purpose: Purpose; readonly method: Method }
    | { readonly type: 'phone_verified'; readonly destination: string }
    | {
        /** The number that was replaced was told so, or was not. */
        readonly type: 'replaced_number_told'
        readonly destination: string
        readonly outcome: SendResult['status'] | 'no_sender'
      }
    | { readonly type: 'challenge_abandoned' }
    | { readonly type: 'grant_revoked'; readonly reason: 'logout' | 'login' }
    | { readonly type: 'all_grants_revoked' }
    | {
        readonly type: 'reset'
        readonly cleared: 'all' | 'attempts' | 'resends' | 'challenge'
      }
  )

/** Called with each event. Whatever it throws, rejects or never answers changes nothing. */
export interface EventSink {
  emit(event: SecondFactorEvent): unknown
}
