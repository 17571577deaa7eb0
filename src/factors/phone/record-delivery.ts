/** Records delivery reports on the running challenge that waits for the message. */

import { isRefusal } from '../../core/refusal.js'
import type { PhoneContext } from './context.js'
import { subjectOf } from './for-subject.js'
import { maskPhone } from './mask.js'
import { originOf } from './phone-number.js'
import type { DeliveryReport } from './ports/receipt-source.js'
import { partOf, type Challenge, type Receipt } from './rules/part.js'
import { recordReport, type Recorded } from './rules/receipt.js'

/**
 * Records one report from the source with this name. A repeated report changes nothing and emits nothing.
 *
 * @throws StoreUnavailableError or DirectoryUnavailableError; the vendor should then report again.
 */
export async function recordDelivery(
  context: PhoneContext<never>,
  source: string,
  report: DeliveryReport,
): Promise<void> {
  const { ref, to, status, vendorCode = null } = report
  const reason = status === 'failed' ? (report.reason ?? 'not_delivered') : null
  const { subject, recorded, challenge } = await record(context, to, { ref, status, reason })
  if (recorded === 'repeated') return
  // A report that no challenge waited for may be a repeat, so it is not counted.
  const isFinal = status === 'delivered' || status === 'failed'
  if (challenge !== null && isFinal) {
    context.limits?.noteReport({ to: challenge.destination, status })
  }
  context.emit({
    type: 'delivery_reported',
    ...{ subject, source, reason, vendorCode },
    destination: maskPhone(to),
    delivery: status,
    reference: ref,
    matched: challenge !== null,
  })
  if (report.isOperatorFault !== true) return
  context.emit({
    type: 'delivery_failed',
    ...{ subject, purpose: challenge?.purpose ?? null, channel: challenge?.channel ?? null },
    destination: maskPhone(to),
    country: originOf(to).country,
    resent: null,
    outcome: 'operator_fault',
    reason: vendorCode === null ? source : `${source} ${vendorCode}`,
  })
}

/** The outcome of a report, and the challenge that waited for it. */
interface Outcome {
  readonly subject: string
  readonly recorded: Recorded
  readonly challenge: Challenge | null
}

/** Finds the message by its phone: the phone's own row or its user's row may be waiting for it. */
async function record(
  { users, parsePhone, transition }: PhoneContext<never>,
  to: string,
  receipt: Receipt,
): Promise<Outcome> {
  const phone = parsePhone(to)
  if (isRefusal(phone)) return { subject: subjectOf(to), recorded: 'unknown', challenge: null }
  const recordOn = async (subject: string): Promise<Outcome> => {
    const { state, outcome } = await transition(subject, (row, now) =>
      recordReport(row, phone.number, receipt, now),
    )
    const { challenge } = partOf(state)
    return { subject, recorded: outcome, challenge: outcome === 'unknown' ? null : challenge }
  }
  const onPhone = await recordOn(subjectOf(phone.number))
  // An early report may belong to either row's message, so both keep it.
  if (onPhone.recorded === 'recorded' || onPhone.recorded === 'repeated') return onPhone
  const owner = await users.byPhone(phone.number)
  const onUser = owner === null ? onPhone : await recordOn(owner.subject)
  return onUser.recorded === 'unknown' ? onPhone : onUser
}
