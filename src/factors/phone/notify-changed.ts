/** Notifies the user's verified phone that another factor has changed: whoever lost the password learns of it there. */

import { isRefusal } from '../../core/refusal.js'
import { isForSubject } from '../../core/subject.js'
import type { FactorChange } from '../../ports/factor.js'
import type { PhoneContext } from './context.js'
import { handOver } from './delivery.js'
import { maskPhone } from './mask.js'
import { countNotice } from './rules/notices.js'
import { kind, readPart } from './rules/part.js'

/**
 * Sends the message, once and a few times a day at most; whether it arrives changes nothing. A phone that was removed itself
 * gets it as well; one that was added or replaced gets another.
 */
export async function notifyChanged<User>(
  context: PhoneContext<User>,
  { user, subject, change, kind: changed, locale, before }: FactorChange<User>,
): Promise<void> {
  const { users, delivery, limits, transition, emit } = context
  if (isForSubject(user) || !delivery.canNotify) return
  // What was kept here is gone from the row by now.
  const removed = before === undefined ? undefined : readPart(before.factors[kind]).kept
  if (changed === kind && removed === undefined) return
  const current = await users.destination(user)
  const verified = isRefusal(current) || !current.verified ? undefined : current.number
  const number = removed?.destination ?? verified
  if (number === undefined) return
  const counted = await transition(subject, countNotice)
  if (!counted.outcome) return
  const [channel = 'sms'] = delivery.channels
  await limits?.countNotice({ subject, to: number, channel })
  const { status } = await handOver(context, () => delivery.notifyChanged(number, change, locale))
  emit({
    type: 'factor_change_notified',
    ...{ subject, change, destination: maskPhone(number), outcome: status },
  })
}
