/** The events that only passkeys emit. */

import type { AboutSubject } from '../../ports/event-sink.js'
import type { Suspicion } from './rules/judge.js'

/** The passkeys' events by their `type`. */
export interface PasskeyEvents {
  /**
   * A passkey was used on an origin that is not in `origins`, or in a frame of another origin: an entry is missing in
   * `origins`, or somebody is phishing. It was refused and not counted as a failure.
   */
  readonly passkey_origin_mismatch: AboutSubject & {
    readonly origin: string
    /** True if it was in a frame of another origin. */
    readonly isCrossOrigin: boolean
  }
  /**
   * A valid assertion whose passkey may have been copied or mixed up. `accepted` is true if the user passed anyway.
   */
  readonly passkey_suspicious: AboutSubject & {
    readonly reason: Suspicion
    readonly accepted: boolean
  }
}

declare module '../../ports/event-sink.js' {
  /** The passkeys' events. */
  interface Events extends PasskeyEvents {}
}
