/** The rules of delivery receipts: they tell how far a message has come, and decide nothing. */

import type { Decision, DeliveryStatus, Receipt, SubjectState } from './state.js'

/** A longer id is no vendor's, and no database's column holds it. */
const maxRefLength = 255

/** A report moves a message forward only, whatever the order in which reports arrive. */
const ranks: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 0,
  sent: 1,
  delivered: 2,
  failed: 2,
}

/** What became of a report: news, nothing new, or about no message that a running challenge waits for. */
export type Recorded = 'recorded' | 'repeated' | 'unknown'

/** Keeps the id of the message that has just carried the challenge's code: the vendor has accepted it. */
export function attachReceipt(
  state: SubjectState,
  challengeId: string,
  ref: string,
): Decision<null> {
  const { challenge } = state
  const fits = challenge?.id === challengeId && ref !== '' && ref.length <= maxRefLength
  if (!fits) return { state, outcome: null }
  const receipt: Receipt = { ref, status: 'accepted', reason: null }
  return { state: { ...state, challenge: { ...challenge, receipt } }, outcome: null }
}

/** Notes a report on the message of the running challenge. Nothing else in the row ever changes by it. */
export function recordReceipt(state: SubjectState, report: Receipt): Decision<Recorded> {
  const { challenge } = state
  const known = challenge?.receipt
  if (challenge === null || known?.ref !== report.ref) return { state, outcome: 'unknown' }
  if (ranks[report.status] <= ranks[known.status]) return { state, outcome: 'repeated' }
  return { state: { ...state, challenge: { ...challenge, receipt: report } }, outcome: 'recorded' }
}
