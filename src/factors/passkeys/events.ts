/** The events that only passkeys emit. */

import type { AboutSubject } from '../../ports/event-sink.js'
import type { Suspicion } from './rules/judge.js'

/** The passkeys' events by their `type`. */
export interface PasskeyEvents {
  /**
   * A passkey was used on an origin that is not among `origins`, or in a frame of another site: a missing entry in
   * `origins`, or somebody stands in between. It was refused, and is not counted as a failure.
   */
  readonly passkey_origin_mismatch: AboutSubject & {
    readonly origin: string
    /** Whether it was in a frame of another origin. */
    readonly isCrossOrigin: boolean
  }
  /**
   * A right signature of a passkey that may have been copied or mixed up; `accepted` is whether the user has passed all
   * the same.
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
