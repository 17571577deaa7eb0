/** The events that only the authenticator app emits. */

import type { AboutSubject } from '../../ports/event-sink.js'

/** The authenticator app's events by their `type`. */
export interface TotpEvents {
  /**
   * An app's secret cannot be opened, because the `secret` that seals it is no longer configured or the row is damaged.
   * The user cannot pass by the app. Emitted once per process for each missing secret.
   */
  readonly factor_unreadable: AboutSubject & {
    readonly kind: string
    /** The id of the missing secret. */
    readonly keyId: string
  }
}

declare module '../../ports/event-sink.js' {
  /** The authenticator app's events. */
  interface Events extends TotpEvents {}
}
