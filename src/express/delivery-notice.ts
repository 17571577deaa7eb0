/** What a person is told of a message that did not arrive. */

import type { DeliveryReason } from '../core/state.js'
import type { ChallengeView } from '../core/view.js'

const sentences: Readonly<Record<DeliveryReason, string>> = {
  unreachable:
    'The message has not reached the phone. Switch it on where it has a signal, then ask again.',
  number_invalid:
    'The message did not arrive: this number cannot receive it. Use another one, or contact support.',
  blocked: 'The message was stopped on its way. Use another number, or contact support.',
  not_delivered: 'The message did not arrive. Check the number, or ask again.',
}

/** The sentence, or `null` where nothing is known to have gone wrong. */
export function deliveryNotice({ delivery, deliveryReason }: ChallengeView): string | null {
  return delivery === 'failed' ? sentences[deliveryReason ?? 'not_delivered'] : null
}
