/** The events that only recovery codes emit. */

import type { AboutSubject } from '../../ports/event-sink.js'

/** The recovery codes' events by their `type`. */
export interface RecoveryEvents {
  /** A user passed by a recovery code. `left` is the number of unused codes in the set. */
  readonly recovery_code_used: AboutSubject & {
    readonly left: number
    /** True if it was a code from `resetFactors`. */
    readonly isTicket: boolean
  }
}

declare module '../../ports/event-sink.js' {
  /** The recovery codes' events. */
  interface Events extends RecoveryEvents {}
}
