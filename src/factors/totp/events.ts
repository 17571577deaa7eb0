/** The events that only the authenticator app emits. */

import type { AboutSubject } from '../../ports/event-sink.js'

/** The authenticator app's events by their `type`. */
export interface TotpEvents {
  /**
   * An app's secret cannot be opened: the `secret` that it is sealed under is not configured any more, or the row is
   * damaged. The user cannot pass by it. Emitted once for each secret while the process runs.
   */
  readonly factor_unreadable: AboutSubject & {
    readonly kind: string
    /** The id of the missing secret, as in the part's `sealedBy`. */
    readonly keyId: string
  }
}

declare module '../../ports/event-sink.js' {
  /** The authenticator app's events. */
  interface Events extends TotpEvents {}
}
