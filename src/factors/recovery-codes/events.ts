/** The events that only recovery codes emit. */

import type { AboutSubject } from '../../ports/event-sink.js'

/** The recovery codes' events by their `type`. */
export interface RecoveryEvents {
  /** A user has passed by a recovery code; `left` is how many the set still has. */
  readonly recovery_code_used: AboutSubject & {
    readonly left: number
    /** Whether it was the code that `resetFactors` made. */
    readonly isTicket: boolean
  }
}

declare module '../../ports/event-sink.js' {
  /** The recovery codes' events. */
  interface Events extends RecoveryEvents {}
}
