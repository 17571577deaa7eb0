/** Proves control of a phone without a login, on a row of the phone's own. */

import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import type { Decision, Instant, SubjectState } from '../../core/state.js'
import type { ChallengeView } from '../../core/view.js'
import type { Attempt } from '../../ports/attempt.js'
import type { PhoneContext } from './context.js'
import { subjectOf } from './for-subject.js'
import { judgeCode } from './judge.js'
import { maskPhone } from './mask.js'
import { noteVerified } from './note-verified.js'
import { notifyReplaced } from './notify-replaced.js'
import { provePhone } from './rules/change.js'
import { kind, method, type Challenge } from './rules/part.js'
import { startChallenge, type SendRequest } from './start-challenge.js'
import type { KnownPhone } from './users.js'

/** Sends a code to a phone, in E.164. Whoever asks again is sent the running challenge's code. */
export async function startPhoneVerification(
  context: PhoneContext<never>,
  phone: string,
  asker: Pick<SendRequest, 'locale' | 'clientIp'>,
): Promise<ChallengeView | Refusal> {
  const answer = await startChallenge(context, {
    ...asker,
    subject: subjectOf(phone),
    purpose: 'enrolment',
    destination: phone,
    sessionKey: undefined,
  })
  if (!isRefusal(answer)) return answer
  // Anybody may ask about any phone; how its challenge stands is for the holder of the phone.
  const { challenge: _someonesOwn, ...refused } = answer
  return refused
}

/**
 * Judges a code for a phone. Only the right one reaches the application's users, and uses the
 * challenge up before it does: of two equal requests one gets `no_challenge`.
 *
 * @throws DirectoryUnavailableError where the application's users do not answer; the code stays used.
 */
export async function verifyPhone(
  context: PhoneContext<never>,
  phone: string,
  code: string,
  { locale = null, clientIp }: Partial<Pick<SendRequest, 'locale' | 'clientIp'>> = {},
): Promise<{ readonly status: 'verified' } | Refusal> {
  const subject = subjectOf(phone)
  const factor = {
    ...{ kind, method, isGuessable: true },
    judge: judgeCode.bind(null, context),
    answered: (attempt: Attempt, proof: unknown) => {
      noteVerified(context, attempt, proof as Challenge)
    },
  }
  const outcome = await context.verify(factor, subject, {
    evidence: code,
    purpose: 'enrolment',
    sessionKey: undefined,
    clientIp,
  })
  if (isRefusal(outcome)) return outcome
  const { destination } = outcome.proof as Challenge
  const owner = await context.users.byPhone(destination)
  if (owner === null) return refusal('unknown_number')
  const known = await owner.known()
  if (!isVerifiedAlready(known, destination)) {
    const refused = await proveOwners(context, owner.subject, destination)
    if (refused !== null) return refused
  }
  await owner.setVerified()
  tellReplaced(context, owner.subject, known, destination, locale)
  context.emit({ type: 'phone_verified', subject, destination: maskPhone(destination) })
  return { status: 'verified' }
}

/** Whether the application holds this very phone for verified. */
function isVerifiedAlready({ destination, isVerified }: KnownPhone, phone: string): boolean {
  return isVerified && !isRefusal(destination) && destination.number === phone
}

/**
 * Remembers in the row of its user that the phone was proved. Where the user holds another factor, or an operator has
 * closed the account, this endpoint opens no way around them: the user adds the phone after passing by that factor.
 */
async function proveOwners(
  context: PhoneContext<never>,
  subject: string,
  phone: string,
): Promise<Refusal | null> {
  const rule = (row: SubjectState, now: Instant): Decision<Refusal | null> => {
    if (context.isOtherHeld(row, kind)) {
      return { state: row, outcome: refusal('second_factor_required') }
    }
    return { state: provePhone(row, now, phone).state, outcome: null }
  }
  return (await context.transition(subject, rule)).outcome
}

/** Notifies the verified phone whose place this one has taken. */
function tellReplaced(
  context: PhoneContext<never>,
  subject: string,
  { destination: earlier, isVerified }: KnownPhone,
  phone: string,
  locale: string | null,
): void {
  if (!isVerified || isRefusal(earlier) || earlier.number === phone) return
  void notifyReplaced(context, subject, earlier.number, phone, locale)
}
