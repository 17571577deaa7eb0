/** How many messages about changes a user's phone gets: whoever changes factors again and again must not send without end. */

import {
  after,
  withPart,
  type Decision,
  type Instant,
  type SubjectState,
} from '../../../core/state.js'
import { kind, partOf, type PhonePart } from './part.js'
import { daySeconds } from './send-ledger.js'

/** A person changes factors a few times a day at most. */
const noticesPerDay = 5

/** Counts a message; the outcome is whether it may go out. */
export function countNotice(row: SubjectState, now: Instant): Decision<boolean> {
  const part = partOf(row)
  const { notices } = part
  const isSameDay = notices !== undefined && now < after(notices.startedAt, daySeconds)
  const counted = isSameDay ? notices : { startedAt: now, count: 0 }
  if (counted.count >= noticesPerDay) return { state: row, outcome: false }
  const next: PhonePart = { ...part, notices: { ...counted, count: counted.count + 1 } }
  return { state: withPart(row, kind, next), outcome: true }
}
