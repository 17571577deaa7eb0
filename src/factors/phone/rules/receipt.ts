/** The rules of delivery receipts: they show how far a message has come, and decide nothing. */

import { after, type Decision, type Instant, type SubjectState } from '../../../core/state.js'
import { partOf, withPhone, type Challenge, type DeliveryStatus, type Receipt } from './part.js'

/** A longer id is no vendor's, and no database column holds it. */
export const maxRefLength = 255

/** A report moves a message forward only, whatever the order in which reports arrive. */
const ranks: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 0,
  sent: 1,
  delivered: 2,
  failed: 2,
}

/**
 * The outcome of a report: news, news of a message whose id no start has kept yet, nothing new, or about no message
 * that a running challenge waits for.
 */
export type Recorded = 'recorded' | 'early' | 'repeated' | 'unknown'

/** A start has no longer than this to keep the id of its message: its vendor's answer and a write. */
const earlySeconds = 30

/** Reports kept early at most. A message has three: accepted, sent, delivered. */
const maxEarly = 5

/** Keeps the id of the message that has just carried the challenge's code: the vendor has accepted it. */
export function attachReceipt(row: SubjectState, challengeId: string, ref: string): Decision<null> {
  const { challenge } = partOf(row)
  const fits = challenge?.id === challengeId && ref !== '' && ref.length <= maxRefLength
  if (!fits) return { state: row, outcome: null }
  const { earlyReceipts = [], ...kept } = challenge
  const accepted: Receipt = { ref, status: 'accepted', reason: null }
  const receipt = earlyReceipts.find((early) => early.ref === ref) ?? accepted
  return { state: withPhone(row, { challenge: { ...kept, receipt } }), outcome: null }
}

/** Records a report on the message of the running challenge. Nothing else in the row ever changes by it. */
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
 * As `recordReceipt`; but while a start to this phone has yet to keep the id of its message, a report on another
 * one is kept aside, since a vendor may report a message before it has answered for it.
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

/** Keeps the vendor's id of the verification it has started. The outcome is the challenge that runs by now. */
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
