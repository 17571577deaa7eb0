/** Mistakes in how an application is put together that only the phone can notice. Each is told once. */

import { isRefusal, type Refusal } from '../../core/refusal.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { Destination } from './users.js'

/** Tells of the mistakes. */
export interface SetUpMistakes {
  /** A person without a phone can neither pass nor add one. */
  noteStart(destination: Destination | Refusal): void
  /** A code went to a phone that the application finds no more: the user of the request may not be whole. */
  noteLostPhone(): void
}

/** Makes what tells of the mistakes. */
export function setUpMistakes({ emit }: Pick<FactorTools, 'emit'>): SetUpMistakes {
  const told = new Set<string>()
  const tell = (option: string, message: string) => {
    if (told.has(option)) return
    told.add(option)
    emit({ type: 'set_up_mistake', option, message })
  }
  return {
    noteStart(destination) {
      if (!isRefusal(destination) || destination.code !== 'destination_missing') return
      tell(
        'users.setVerifiedPhone',
        'a user without a phone is asked for a code, and the pages can add no phone without users.setVerifiedPhone: ' +
          'give it, or let users.isRequired return false for users without a phone',
      )
    },
    noteLostPhone() {
      tell(
        'users.phone',
        'a code was sent to a user for whom users.phone now finds no phone: it is called with what ' +
          'passport.deserializeUser returns; load the whole user there, or have users.phone look the phone up by the id',
      )
    },
  }
}
