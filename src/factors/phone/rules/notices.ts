/** Limits notices about factors, because repeated changes must not send messages without end. */

import {
  after,
  withPart,
  type Decision,
  type Instant,
  type SubjectState,
} from '../../../core/state.js'
import { kind, partOf, type PhonePart } from './part.js'
import { daySeconds } from './send-ledger.js'

/** Enough for a person, who changes factors a few times a day at most. */
const noticesPerDay = 5

/** Counts a message. The outcome is true if it may be sent. */
export function countNotice(row: SubjectState, now: Instant): Decision<boolean> {
  const part = partOf(row)
  const { notices } = part
  const isSameDay = notices !== undefined && now < after(notices.startedAt, daySeconds)
  const counted = isSameDay ? notices : { startedAt: now, count: 0 }
  if (counted.count >= noticesPerDay) return { state: row, outcome: false }
  const next: PhonePart = { ...part, notices: { ...counted, count: counted.count + 1 } }
  return { state: withPart(row, kind, next), outcome: true }
}
