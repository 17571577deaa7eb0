/** Picks the page for a session: the code page, or the phone page if there is no phone to send a code to. */

import type { Policy } from '../../core/policy.js'
import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import type { Instant } from '../../core/state.js'
import { secondsUntil } from '../../core/view.js'
import type { FactorPage, PageRequest } from '../../ports/factor-page.js'
import type { PhoneContext } from './context.js'
import { maskPhone } from './mask.js'
import { challengePage } from './pages/challenge-page.js'
import type { PhonePage } from './pages/models.js'
import { phonePage } from './pages/phone-page.js'
import { endRefusal, isUnexpired } from './rules/challenge.js'
import { challengeOf, partOf, type Challenge } from './rules/part.js'
import { nextSendAt } from './rules/send-ledger.js'
import { challengeView } from './rules/view.js'
import type { Destination } from './users.js'

/** Returns the page, with a refusal if the code has expired or has no attempts left. */
export async function sessionPage<User>(
  context: PhoneContext<User>,
  request: PageRequest<User>,
): Promise<FactorPage> {
  const { policy, users, delivery } = context
  const { user, row, now, grant, passed, hasChanged, sessionKey, returnTo, locale } = request
  const [destination, channels] = await Promise.all([
    users.destination(user),
    users.channels(user, delivery.channels),
  ])
  const { challenge: latest, sends } = partOf(row)
  const held = challengeOf(row, sessionKey)
  // A change of phone waits while a page needs a fresh code, which goes to the phone already known to be theirs.
  const signsInFirst = held?.purpose === 'enrolment' && grant !== null && !passed
  const own = signsInFirst ? null : held
  const isRunning = own !== null && isUnexpired(own, now, policy)
  const challenge = isRunning ? challengeView(row, now, context) : null
  const offersPhone =
    users.keepsPhones && (passed || !(await isPhoneVerified(context, user, destination)))
  if (isRefusal(destination) && challenge === null && offersPhone) {
    const page = phonePage({ ...phoneModel(context, destination, locale), isCodeAwaited: false })
    return { page, refusal: null, answers: ['destination_missing'] }
  }
  const page = challengePage({
    name: 'challenge',
    challenge,
    verifiesPhone: own?.purpose === 'enrolment',
    sentAgain: challenge !== null && own !== null && own.sends > 1,
    isInDoubt: own?.isInDoubt === true && own.receipt === null,
    hasWrongCode: own !== null && own.attempts > 0,
    signsInFirst,
    isElsewhere: held === null && isOfAnotherSession(latest, now, policy),
    changedTo: hasChanged && !isRefusal(destination) ? maskPhone(destination.number) : null,
    passed,
    sendInSeconds: secondsUntil(nextSendAt(sends, now, policy) ?? now, now),
    channels: channels.length > 1 ? channels : [],
    offersPhone,
    returnTo,
  })
  if (signsInFirst) return { page, refusal: refusal('second_factor_stale') }
  const ended = own === null ? null : endRefusal(own, now, policy)
  if (ended !== null) return { page, refusal: ended }
  const isSpent = challenge?.attemptsLeft === 0
  return { page, refusal: isSpent ? refusal('attempts_exhausted') : null }
}

/** Returns true if another session has a code running. Only called for a session that has none. */
function isOfAnotherSession(latest: Challenge | null, now: Instant, policy: Policy): boolean {
  return typeof latest?.sessionKey === 'string' && isUnexpired(latest, now, policy)
}

/** The model of the page that asks for a phone; `destination` is the current phone. */
export function phoneModel(
  { examplePhone, delivery }: PhoneContext<never>,
  destination: Destination | Refusal,
  locale: string | null,
  typed = '',
): Omit<PhonePage, 'isCodeAwaited'> {
  const present = isRefusal(destination) ? null : destination
  return {
    name: 'phone',
    phone: present === null ? null : maskPhone(present.number),
    notifiesPhone: delivery.canNotify && present?.verified === true,
    example: examplePhone(locale),
    typed,
  }
}

/** Returns true if the user's phone is verified, even if no message can go to it. */
async function isPhoneVerified<User>(
  { users }: PhoneContext<User>,
  user: User,
  destination: Destination | Refusal,
): Promise<boolean> {
  if (!isRefusal(destination)) return destination.verified
  return destination.code !== 'destination_missing' && (await users.hasVerifiedPhone(user))
}
