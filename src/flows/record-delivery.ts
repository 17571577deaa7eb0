/** Notes what a vendor reports of a message, where a running challenge waits for it. */

import { maskPhone } from '../core/mask.js'
import type { ParsePhone } from '../core/phone.js'
import { recordReceipt, type Recorded } from '../core/receipt.js'
import { isRefusal } from '../core/refusal.js'
import type { Receipt } from '../core/state.js'
import type { DeliveryReport } from '../ports/receipt-source.js'
import { emit, type FlowContext } from './context.js'
import { transition } from './transition.js'
import { phoneSubjectPrefix, type Users } from './users.js'

/** Where the rows of a number are found. */
export interface DeliveryContext {
  readonly flow: FlowContext
  readonly users: Pick<Users<never>, 'subjectOfPhone'>
  readonly parsePhone: ParsePhone
}

/**
 * Notes one report of the source with this name. A report of what is known already changes nothing, and the
 * events do not hear of it again.
 *
 * @throws StoreUnavailableError or DirectoryUnavailableError, after which the vendor should report again.
 */
export async function recordDelivery(
  context: DeliveryContext,
  source: string,
  report: DeliveryReport,
): Promise<void> {
  const { ref, to, status, vendorCode = null } = report
  const reason = status === 'failed' ? (report.reason ?? 'not_delivered') : null
  const { subject, recorded } = await record(context, to, { ref, status, reason })
  if (recorded === 'repeated') return
  emit(context.flow, {
    type: 'delivery_reported',
    ...{ subject, source, reason, vendorCode },
    destination: maskPhone(to),
    delivery: status,
    reference: ref,
    matched: recorded === 'recorded',
  })
}

/** A message is known by its number: the number's own row may wait for it, or that of the user who has it. */
async function record(
  { flow, users, parsePhone }: DeliveryContext,
  to: string,
  receipt: Receipt,
): Promise<{ readonly subject: string; readonly recorded: Recorded }> {
  const phone = parsePhone(to)
  if (isRefusal(phone)) return { subject: phoneSubjectPrefix + to, recorded: 'unknown' }
  const recordOn = async (subject: string) => {
    const { outcome } = await transition(flow, subject, (row) => recordReceipt(row, receipt))
    return { subject, recorded: outcome }
  }
  const onNumber = await recordOn(phoneSubjectPrefix + phone.number)
  if (onNumber.recorded !== 'unknown') return onNumber
  const user = await users.subjectOfPhone(phone.number)
  const onUser = user === null ? onNumber : await recordOn(user)
  return onUser.recorded === 'unknown' ? onNumber : onUser
}
