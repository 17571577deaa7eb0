/** The rules of delivery receipts: they show how far a message has come, and decide nothing. */

import type { Decision, SubjectState } from '../../../core/state.js'
import { partOf, withPhone, type DeliveryStatus, type Receipt } from './part.js'

/** A longer id is no vendor's, and no database column holds it. */
export const maxRefLength = 255

/** A report moves a message forward only, whatever the order in which reports arrive. */
const ranks: Readonly<Record<DeliveryStatus, number>> = {
  accepted: 0,
  sent: 1,
  delivered: 2,
  failed: 2,
}

/** The outcome of a report: news, nothing new, or about no message that a running challenge waits for. */
export type Recorded = 'recorded' | 'repeated' | 'unknown'

/** Keeps the id of the message that has just carried the challenge's code: the vendor has accepted it. */
export function attachReceipt(row: SubjectState, challengeId: string, ref: string): Decision<null> {
  const { challenge } = partOf(row)
  const fits = challenge?.id === challengeId && ref !== '' && ref.length <= maxRefLength
  if (!fits) return { state: row, outcome: null }
  const receipt: Receipt = { ref, status: 'accepted', reason: null }
  return { state: withPhone(row, { challenge: { ...challenge, receipt } }), outcome: null }
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

/** Keeps the vendor's id of the verification it has started. */
export function attachRef(row: SubjectState, challengeId: string, ref: string): Decision<null> {
  const { challenge } = partOf(row)
  const fits =
    challenge?.id === challengeId && challenge.code.owner === 'hosted' && challenge.code.ref !== ref
  return {
    state: fits
      ? withPhone(row, { challenge: { ...challenge, code: { owner: 'hosted', ref } } })
      : row,
    outcome: null,
  }
}
