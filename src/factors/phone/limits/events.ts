/** The events of the limits: a record of every decision, and alarms. */

import type { Purpose } from '../../../core/state.js'
import type { AboutSubject } from '../../../ports/event-sink.js'
import type { Finding, PhoneClass } from '../ports/send-guard.js'
import type { Channel } from '../rules/part.js'
import type { RuleName } from './rules.js'

/** The events by their `type`. */
export interface LimitEvents {
  /** Whether a message was let through, and by what it was not. */
  readonly send_decided: AboutSubject & {
    readonly purpose: Purpose
    readonly channel: Channel
    readonly destination: string
    /** ISO 3166 code; `null` for a network of no country. */
    readonly country: string | null
    readonly phoneClass: PhoneClass
    /** Stands for the network of the client: the same for the same network. `null` where no address is known. */
    readonly network: string | null
    readonly resent: boolean
    /** `recorded`: sent, although a rule that only records had no room. */
    readonly verdict: 'allowed' | 'recorded' | 'refused'
    /** A rule, `deny`, `guard:` and its name, or `unavailable`; `null` where all was well. */
    readonly by: string | null
    readonly findings: readonly Finding[]
    /** What the message costs in `currency`; `null` without prices. */
    readonly cost: number | null
    /** The currency of the prices, such as `USD`; `null` without prices. */
    readonly currency: string | null
  }
  /**
   * A limit that many share is used up, or to four fifths; or `unverified` finds more than `limit` messages whose code
   * nobody entered. Once an hour for each, and process.
   */
  readonly limit_reached: {
    readonly rule: RuleName
    /**
     * `~c:CM` for a country, `p:+237671••` for a prefix without its last two digits, `w:…` for a network, `~~` and `~$` for
     * the application.
     */
    readonly counter: string
    readonly window: Finding['window']
    readonly limit: number
    readonly share: 0.8 | 1
  }
  /** A guard threw, rejected, was late, or returned nothing that it may. */
  readonly guard_failed: {
    readonly guard: string
    /** The message of a `ConfigurationError`, which an operator has to mend; `null` for all else, which may hold anything. */
    readonly reason: string | null
  }
}

declare module '../../../ports/event-sink.js' {
  /** The events of the limits. */
  interface Events extends LimitEvents {}
}
