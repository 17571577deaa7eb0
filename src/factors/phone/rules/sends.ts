/** The counts of a user's messages, and the check of stored ones. */

import { count, number, object, orNull, type FieldsOf } from '../../../core/shape.js'
import type { Instant } from '../../../core/state.js'

/** The counts of messages across all of the user's challenges and sessions. */
export interface SendLedger {
  /** Messages since the resend ladder last started over. */
  readonly count: number
  /** The rung of the resend ladder that the next message will wait on. */
  readonly rung: number
  readonly lastAt: Instant | null
  /** No message may go out before this instant. */
  readonly nextAt: Instant | null
  /** The ladder starts over at this instant if no message goes out before it. */
  readonly resetAt: Instant | null
  readonly windowStartedAt: Instant | null
  /** Messages since `windowStartedAt`, except those that a right code gave back. */
  readonly windowCount: number
  /** Messages since `windowStartedAt` that a right code gave back. */
  readonly answeredCount: number
}

/** The ledger of a user who was never sent a message. */
export const noSends: SendLedger = {
  count: 0,
  rung: 0,
  lastAt: null,
  nextAt: null,
  resetAt: null,
  windowStartedAt: null,
  windowCount: 0,
  answeredCount: 0,
}

/** Checks a stored ledger. */
export const sendLedger = object({
  count,
  rung: count,
  lastAt: orNull(number),
  nextAt: orNull(number),
  resetAt: orNull(number),
  windowStartedAt: orNull(number),
  windowCount: count,
  answeredCount: count,
} satisfies FieldsOf<SendLedger>)
