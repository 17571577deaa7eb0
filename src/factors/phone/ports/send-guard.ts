/** The port for guards, which may refuse a message before it is sent. */

import type { Purpose } from '../../../core/state.js'
import type { Channel } from '../rules/part.js'

/**
 * The degree of certainty that the phone is the user's: `new` if nobody has proved it, `stated` if the application
 * gives it as a bare string, `known` if the application says that it is verified.
 */
export type PhoneClass = 'new' | 'stated' | 'known'

/** A limit that has no room for a message. */
export interface Finding {
  /** The rule's name. */
  readonly rule: string
  readonly window: 'hour' | 'day' | 'week'
  /** The count before this message: messages, or money in the currency of the prices. */
  readonly count: number
  readonly limit: number
  readonly action: 'refuse' | 'record'
}

/** A message that is about to be sent. */
export interface SendAttempt {
  /** The recipient, in E.164. */
  readonly to: string
  /** ISO 3166 code; `null` for a network that belongs to no country. */
  readonly country: string | null
  /** The phone without its last four digits. */
  readonly prefix: string
  readonly channel: Channel
  readonly purpose: Purpose
  /** True if the running code is sent again. */
  readonly resent: boolean
  readonly phoneClass: PhoneClass
  /** True if it is the first message within a day to this phone in its class. */
  readonly isFirstInDay: boolean
  readonly subject: string
  readonly clientIp: string | null
  /** The limits that have no room but only record. */
  readonly findings: readonly Finding[]
}

/** A guard's decision. */
export type GuardVerdict =
  | { readonly verdict: 'allow' }
  | { readonly verdict: 'refuse'; readonly reason: 'destination_blocked' | 'send_limit' }

/**
 * May refuse a message. It is called once the limits have room, before anything is counted. It has 3 seconds; one
 * that throws, rejects or times out counts as unavailable.
 */
export interface SendGuard {
  /** The guard's name in events: lower-case letters, digits and hyphens. */
  readonly name: string
  check(attempt: SendAttempt): Promise<GuardVerdict>
}
