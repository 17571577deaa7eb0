/** The rules of delivery receipts. They show a message's progress, and decide nothing. */

import { after, type Decision, type Instant, type SubjectState } from '../../../core/state.js'
import { partOf, withPhone, type Challenge, type DeliveryStatus, type Receipt } from './part.js'

/** The longest id that is stored. No vendor has longer ones. */
export const maxRefLength = 255

/** A report only moves a message forward, in whatever order reports arrive. */
const ranks: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 0,
  sent: 1,
  delivered: 2,
  failed: 2,
}

/**
 * The outcome of a report: `recorded` if it is news, `early` if the message's id is not stored yet, `repeated` if it
 * is nothing new, and `unknown` if no running challenge waits for the message.
 */
export type Recorded = 'recorded' | 'early' | 'repeated' | 'unknown'

/** The longest that a start takes to store its message's id: the vendor's answer and a write. */
const earlySeconds = 30

/** The most early reports that are kept. A message has three: accepted, sent, delivered. */
const maxEarly = 5

/** Stores the id of the message that carries the challenge's code, as accepted by the vendor. */
export function attachReceipt(row: SubjectState, challengeId: string, ref: string): Decision<null> {
  const { challenge } = partOf(row)
  const fits = challenge?.id === challengeId && ref !== '' && ref.length <= maxRefLength
  if (!fits) return { state: row, outcome: null }
  const { earlyReceipts = [], ...kept } = challenge
  const accepted: Receipt = { ref, status: 'accepted', reason: null }
  const receipt = earlyReceipts.find((early) => early.ref === ref) ?? accepted
  return { state: withPhone(row, { challenge: { ...kept, receipt } }), outcome: null }
}

/** Records a report on the running challenge's message, and changes nothing else in the row. */
export function recordReceipt(row: SubjectState, report: Receipt): Decision<Recorded> {
  const { challenge } = partOf(row)
  const known = challenge?.receipt
  if (challenge === null || known?.ref !== report.ref) return { state: row, outcome: 'unknown' }
  if (ranks[report.status] <= ranks[known.status]) return { state: row, outcome: 'repeated' }
  return {
    state: withPhone(row, { challenge: { ...challenge, receipt: report } }),
    outcome: 'recorded',
  }
}

/**
 * Like `recordReceipt`, but keeps a report on an unknown message while a start to this phone has not stored its
 * message's id yet, because a vendor may report on a message before it has answered the request to send it.
 */
export function recordReport(
  row: SubjectState,
  phone: string,
  report: Receipt,
  now: Instant,
): Decision<Recorded> {
  const recorded = recordReceipt(row, report)
  const { challenge, sends } = partOf(row)
  if (recorded.outcome !== 'unknown' || challenge === null) return recorded
  const isStarting =
    challenge.receipt === null &&
    challenge.destination === phone &&
    sends.lastAt !== null &&
    now < after(sends.lastAt, earlySeconds)
  if (!isStarting || report.ref === '' || report.ref.length > maxRefLength) return recorded
  const kept = challenge.earlyReceipts ?? []
  const earlier = kept.find(({ ref }) => ref === report.ref)
  if (earlier !== undefined && ranks[report.status] <= ranks[earlier.status]) {
    return { state: row, outcome: 'repeated' }
  }
  const earlyReceipts = [...kept.filter((each) => each !== earlier), report].slice(-maxEarly)
  return { state: withPhone(row, { challenge: { ...challenge, earlyReceipts } }), outcome: 'early' }
}

/** Stores the vendor's id of the verification it has started. The outcome is the challenge that is running now. */
export function attachRef(
  row: SubjectState,
  challengeId: string,
  ref: string,
): Decision<Challenge | null> {
  const { challenge } = partOf(row)
  const isOwn = challenge?.id === challengeId && challenge.code.owner === 'hosted'
  if (!isOwn || challenge.code.ref === ref) return { state: row, outcome: challenge }
  const started: Challenge = { ...challenge, code: { owner: 'hosted', ref } }
  return { state: withPhone(row, { challenge: started }), outcome: started }
}
