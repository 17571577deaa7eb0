/** How long a person is asked to wait for a vendor that takes nothing now. */

import { daySeconds } from './rules/send-ledger.js'

/** What a vendor that names no time is given before the next try. */
const unnamedWaitSeconds = 30

/** A vendor's own wait, where it is one: an adapter may hand on a header that holds anything. */
export function vendorWaitSeconds(seconds = unnamedWaitSeconds): number {
  return seconds >= 0 ? Math.min(seconds, daySeconds) : unnamedWaitSeconds
}
