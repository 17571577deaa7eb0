/** Which page a session is shown: the code's, or the phone's where there is no phone to send a code to. */

import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import { secondsUntil } from '../../core/view.js'
import type { FactorPage, PageRequest } from '../../ports/factor.js'
import type { PhoneContext } from './context.js'
import { maskPhone } from './mask.js'
import { challengePage } from './pages/challenge-page.js'
import type { PhonePage } from './pages/models.js'
import { phonePage } from './pages/phone-page.js'
import { isUnexpired } from './rules/challenge.js'
import { partOf } from './rules/part.js'
import { nextSendAt } from './rules/send-ledger.js'
import { challengeView } from './rules/view.js'
import type { Destination } from './users.js'

/** The page, and what is in the person's way: an expired or a spent code. */
export async function sessionPage<User>(
  context: PhoneContext<User>,
  { user, row, now, grant, passed, challengeId, returnTo }: PageRequest<User>,
): Promise<FactorPage> {
  const { policy, users, delivery } = context
  const [destination, channels] = await Promise.all([
    users.destination(user),
    users.channels(user, delivery.channels),
  ])
  const part = partOf(row)
  const own = part.challenge?.id === challengeId ? part.challenge : null
  const isRunning = own !== null && isUnexpired(own, now, policy)
  const challenge = isRunning ? challengeView(row, now, context) : null
  const offersPhone =
    users.keepsPhones && (grant !== null || !(await isPhoneVerified(context, user, destination)))
  if (isRefusal(destination) && challenge === null && offersPhone) {
    return { page: phonePage(phoneModel(context, destination, null)), refusal: null }
  }
  const page = challengePage({
    name: 'challenge',
    challenge,
    verifiesPhone: own?.purpose === 'enrolment',
    sentAgain: challenge !== null && own !== null && own.sends > 1,
    passed,
    sendInSeconds: secondsUntil(nextSendAt(part.sends, now, policy) ?? now, now),
    channels: channels.length > 1 ? channels : [],
    offersPhone,
    returnTo,
  })
  if (own !== null && !isRunning) return { page, refusal: refusal('code_expired') }
  const isSpent = challenge?.attemptsLeft === 0
  return { page, refusal: isSpent ? refusal('attempts_exhausted') : null }
}

/** The model of the page that asks for a phone; `destination` is the present one. */
export function phoneModel(
  { examplePhone, delivery }: PhoneContext<never>,
  destination: Destination | Refusal,
  locale: string | null,
  typed = '',
): PhonePage {
  const present = isRefusal(destination) ? null : destination
  return {
    name: 'phone',
    phone: present === null ? null : maskPhone(present.number),
    notifiesPhone: delivery.canNotify && present?.verified === true,
    example: examplePhone(locale),
    typed,
  }
}

/** A phone that messages cannot go to may be verified all the same. */
async function isPhoneVerified<User>(
  { users }: PhoneContext<User>,
  user: User,
  destination: Destination | Refusal,
): Promise<boolean> {
  if (!isRefusal(destination)) return destination.verified
  return destination.code !== 'destination_missing' && (await users.hasVerifiedPhone(user))
}
