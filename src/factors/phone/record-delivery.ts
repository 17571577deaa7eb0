/** Records what a vendor reports of a message, where a running challenge waits for it. */

import { isRefusal } from '../../core/refusal.js'
import type { PhoneContext } from './context.js'
import { subjectOf } from './for-subject.js'
import { maskPhone } from './mask.js'
import type { DeliveryReport } from './ports/receipt-source.js'
import type { Receipt } from './rules/part.js'
import { recordReceipt, type Recorded } from './rules/receipt.js'

/**
 * Records one report of the source with this name. A repeated report changes nothing and emits nothing.
 *
 * @throws StoreUnavailableError or DirectoryUnavailableError, after which the vendor should report again.
 */
export async function recordDelivery(
  context: PhoneContext<never>,
  source: string,
  report: DeliveryReport,
): Promise<void> {
  const { ref, to, status, vendorCode = null } = report
  const reason = status === 'failed' ? (report.reason ?? 'not_delivered') : null
  const { subject, recorded } = await record(context, to, { ref, status, reason })
  if (recorded === 'repeated') return
  context.emit({
    type: 'delivery_reported',
    ...{ subject, source, reason, vendorCode },
    destination: maskPhone(to),
    delivery: status,
    reference: ref,
    matched: recorded === 'recorded',
  })
}

/** A message is known by its phone: the phone's own row may wait for it, or that of the user who has it. */
async function record(
  { users, parsePhone, transition }: PhoneContext<never>,
  to: string,
  receipt: Receipt,
): Promise<{ readonly subject: string; readonly recorded: Recorded }> {
  const phone = parsePhone(to)
  if (isRefusal(phone)) return { subject: subjectOf(to), recorded: 'unknown' }
  const recordOn = async (subject: string) => {
    const { outcome } = await transition(subject, (row) => recordReceipt(row, receipt))
    return { subject, recorded: outcome }
  }
  const onPhone = await recordOn(subjectOf(phone.number))
  if (onPhone.recorded !== 'unknown') return onPhone
  const user = await users.subjectOfPhone(phone.number)
  const onUser = user === null ? onPhone : await recordOn(user)
  return onUser.recorded === 'unknown' ? onPhone : onUser
}
