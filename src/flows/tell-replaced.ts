/** Tells a number that another took its place: whoever lost it to somebody else learns of it there. */

import { maskPhone } from '../core/mask.js'
import { emit, type FlowContext } from './context.js'
import { handOver } from './delivery.js'

/** Sends the message, once; whether it arrives changes nothing. */
export async function tellReplaced(
  context: FlowContext,
  subject: string,
  earlier: string,
  next: string,
  locale: string | null,
): Promise<void> {
  const { delivery } = context
  const { status } = delivery.canNotify
    ? await handOver(() => delivery.tellReplaced(earlier, next.slice(-2), locale))
    : { status: 'no_sender' as const }
  emit(context, {
    type: 'replaced_number_told',
    subject,
    destination: maskPhone(earlier),
    outcome: status,
  })
}
