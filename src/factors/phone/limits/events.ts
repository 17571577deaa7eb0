/** The events of the limits: a record of every decision, and alarms. */

import type { Purpose } from '../../../core/state.js'
import type { AboutSubject, ByOperator } from '../../../ports/event-sink.js'
import type { Finding, PhoneClass } from '../ports/send-guard.js'
import type { Channel } from '../rules/part.js'
import type { RuleName } from './rules.js'

/** The events by their `type`. */
export interface LimitEvents {
  /** The decision on a message, and what decided it. */
  readonly send_decided: AboutSubject & {
    readonly purpose: Purpose
    readonly channel: Channel
    readonly destination: string
    /** ISO 3166 code; `null` for a network that belongs to no country. */
    readonly country: string | null
    readonly phoneClass: PhoneClass
    /** A pseudonym of the client's network, always the same for the same network. `null` if no address is known. */
    readonly network: string | null
    readonly resent: boolean
    /** `recorded` means that it was sent although something that only records objected. */
    readonly verdict: 'allowed' | 'recorded' | 'refused'
    /** A rule, `deny`, `guard:` and its name, or `unavailable`; `null` if nothing objected. */
    readonly by: string | null
    readonly findings: readonly Finding[]
    /** The cost of the message in `currency`; `null` without prices. */
    readonly cost: number | null
    /** The currency of the prices, such as `USD`; `null` without prices. */
    readonly currency: string | null
  }
  /**
   * A limit that many share is used up, or four fifths used; or `unverified` found more than `limit` messages whose
   * code nobody entered. Emitted once an hour for each, by each process.
   */
  readonly limit_reached: {
    readonly rule: RuleName
    /**
     * `~c:CM` for a country, `p:+237671••` for a prefix without its last two digits, `w:…` for a network, `~~` and
     * `~$` for the application.
     */
    readonly counter: string
    readonly window: Finding['window']
    readonly limit: number
    readonly share: 0.8 | 1
  }
  /** An operator has deleted what was counted about a phone, so that its limits start again. */
  readonly phone_forgotten: AboutSubject & ByOperator
  /** A guard threw, rejected, timed out, or returned no valid verdict. */
  readonly guard_failed: {
    readonly guard: string
    /**
     * The message of a `ConfigurationError`, which an operator has to fix; `null` for other errors, which may hold
     * secrets.
     */
    readonly reason: string | null
  }
}

declare module '../../../ports/event-sink.js' {
  /** The events of the limits. */
  interface Events extends LimitEvents {}
}
