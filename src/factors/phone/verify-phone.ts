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
import type { GivenPhone } from './users.js'

/** Sends a code to a phone in E.164. Asking again sends the running challenge's code again. */
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
  // Anybody may ask about any phone, so the refusal must not show the state of its challenge.
  const { challenge: _someonesOwn, ...refused } = answer
  return refused
}

/**
 * Judges a code for a phone. Users are looked up only after a right code has used the challenge up, so one of two
 * equal requests gets `no_challenge`.
 *
 * @throws DirectoryUnavailableError if the application's callbacks fail; the code stays used.
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
  const given = await owner.given()
  if (!isVerifiedAlready(given, destination)) {
    const refused = await proveOwners(context, owner.subject, destination)
    if (refused !== null) return refused
  }
  await owner.setVerified()
  tellReplaced(context, owner.subject, given, destination, locale)
  context.emit({ type: 'phone_verified', subject, destination: maskPhone(destination) })
  return { status: 'verified' }
}

/** Returns true if the application already has this phone as verified. */
function isVerifiedAlready({ destination, isVerified }: GivenPhone, phone: string): boolean {
  return isVerified && !isRefusal(destination) && destination.number === phone
}

/**
 * Records in the user's row that the phone was proved. Refuses if the user holds another factor or an operator has
 * closed the account, because this endpoint must not be a way around either: such a user adds the phone after signing
 * in.
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

/** Notifies the verified phone that this one has replaced. */
function tellReplaced(
  context: PhoneContext<never>,
  subject: string,
  { destination: earlier, isVerified }: GivenPhone,
  phone: string,
  locale: string | null,
): void {
  if (!isVerified || isRefusal(earlier) || earlier.number === phone) return
  void notifyReplaced(context, subject, earlier.number, phone, locale)
}
