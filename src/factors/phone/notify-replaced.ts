/** Notifies a phone that another has replaced it, in case somebody else made the change. */

import type { PhoneContext } from './context.js'
import { handOver } from './delivery.js'
import { maskPhone } from './mask.js'

/** Sends the message once; a failed send is only reported. */
export async function notifyReplaced(
  context: PhoneContext<never>,
  subject: string,
  earlier: string,
  next: string,
  locale: string | null,
): Promise<void> {
  const { delivery, emit, limits } = context
  const [channel = 'sms'] = delivery.channels
  if (delivery.canNotify) await limits?.countNotice({ subject, to: earlier, channel })
  const { status } = delivery.canNotify
    ? await handOver(context, () => delivery.notifyReplaced(earlier, next.slice(-2), locale))
    : { status: 'no_sender' as const }
  emit({
    type: 'replaced_phone_notified',
    subject,
    destination: maskPhone(earlier),
    outcome: status,
  })
}
