/** Notifies the user's verified phone that a factor has changed, in case somebody else has the password. */

import { isRefusal } from '../../core/refusal.js'
import { isForSubject } from '../../core/subject.js'
import type { FactorChange } from '../../ports/factor.js'
import type { PhoneContext } from './context.js'
import { handOver } from './delivery.js'
import { maskPhone } from './mask.js'
import { countNotice } from './rules/notices.js'
import { kind, readPart } from './rules/part.js'

/**
 * Sends the message once, and only a few times a day; a failed send is only reported. A removed phone gets it too. A
 * new phone does not, and a replaced one gets `notifyReplaced` instead.
 */
export async function notifyChanged<User>(
  context: PhoneContext<User>,
  { user, subject, change, kind: changed, locale, before }: FactorChange<User>,
): Promise<void> {
  const { users, delivery, limits, transition, emit } = context
  if (isForSubject(user) || !delivery.canNotify) return
  // A removed phone that was kept here is gone from the row by now.
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
