/** The wait for a vendor that accepts no message now. */

import { daySeconds } from './rules/send-ledger.js'

/** The wait if the vendor names none. */
const unnamedWaitSeconds = 30

/** The vendor's own wait, if it is valid; an adapter may pass on a header that holds anything. */
export function vendorWaitSeconds(seconds = unnamedWaitSeconds): number {
  return seconds >= 0 ? Math.min(seconds, daySeconds) : unnamedWaitSeconds
}
