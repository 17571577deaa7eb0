/** Reports the set-up mistakes that only the phone factor can notice, each once. */

import { isRefusal, type Refusal } from '../../core/refusal.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { Destination } from './users.js'

/** Reports set-up mistakes. */
export interface SetUpMistakes {
  /** Notes a start for a user without a phone, who can neither pass nor add one. */
  noteStart(destination: Destination | Refusal): void
  /** Notes a code whose phone the application no longer finds: `deserializeUser` may return an incomplete user. */
  noteLostPhone(): void
}

/** Creates the reporter. */
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
        'a user without a phone was asked for a code, and cannot add a phone without users.setVerifiedPhone; ' +
          'give it, or let users.isRequired return false for users without a phone',
      )
    },
    noteLostPhone() {
      tell(
        'users.phone',
        'a code was sent to a user for whom users.phone now returns no phone; users.phone is called with what ' +
          'passport.deserializeUser returns, so load the whole user there, or look the phone up by the id',
      )
    },
  }
}
