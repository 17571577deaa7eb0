/** May forbid a message before it is sent. */

import type { Purpose } from '../../../core/state.js'
import type { Channel } from '../rules/part.js'

/**
 * How sure it is whose phone it is: `new` where nobody has proved it, `stated` where the application says so by a bare
 * string, `known` where it says that it is verified.
 */
export type PhoneClass = 'new' | 'stated' | 'known'

/** A limit that a message has found without room. */
export interface Finding {
  /** The rule's name. */
  readonly rule: string
  readonly window: 'hour' | 'day' | 'week'
  /** What was counted before this message: messages, or money in the currency of the prices. */
  readonly count: number
  readonly limit: number
  readonly action: 'refuse' | 'record'
}

/** A message that is about to be sent. */
export interface SendAttempt {
  /** The recipient, in E.164. */
  readonly to: string
  /** ISO 3166 code; `null` for a network of no country. */
  readonly country: string | null
  /** The phone without its last four digits. */
  readonly prefix: string
  readonly channel: Channel
  readonly purpose: Purpose
  /** Whether the running code is sent again. */
  readonly resent: boolean
  readonly phoneClass: PhoneClass
  /** Whether it is the first message to this phone, by its class, within a day. */
  readonly isFirstInDay: boolean
  readonly subject: string
  readonly clientIp: string | null
  /** The limits without room that only record. */
  readonly findings: readonly Finding[]
}

/** What a guard decides. */
export type GuardVerdict =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'refuse'; readonly reason: 'destination_blocked' | 'send_limit' }

/**
 * May forbid a message. It is asked once the limits have room, and before anything is counted. It has 3 seconds; one
 * that throws, rejects or is late counts as unavailable.
 */
export interface SendGuard {
  /** Stands in events: lower-case letters, digits and hyphens. */
  readonly name: string
  check(attempt: SendAttempt): Promise<GuardVerdict>
}
