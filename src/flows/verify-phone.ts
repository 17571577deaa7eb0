/** Proves control of a number without a login, on a row of the number's own. */

import { maskPhone } from '../core/mask.js'
import { isRefusal, refuse, type Refusal } from '../core/refusal.js'
import type { ChallengeView } from '../core/view.js'
import { emit, type FlowContext } from './context.js'
import { startChallenge, type StartRequest } from './start-challenge.js'
import { phoneSubjectPrefix, type Users } from './users.js'
import { verifyChallenge } from './verify-challenge.js'

/** Sends a code to a number, in E.164. Whoever asks again is sent the running challenge's code. */
export async function startPhoneVerification(
  context: FlowContext,
  number: string,
  asker: Pick<StartRequest, 'locale' | 'clientIp'>,
): Promise<ChallengeView | Refusal> {
  const subject = phoneSubjectPrefix + number
  const { answer } = await startChallenge(context, {
    ...asker,
    subject,
    purpose: 'phone-verification',
    destination: number,
    ownId: undefined,
  })
  if (!isRefusal(answer)) return answer
  // Anybody may ask about any number; how its challenge stands is for the holder of the phone.
  const { challenge: _someonesOwn, ...refusal } = answer
  return refusal
}

/**
 * Judges a code for a number. Only the right one reaches the application's users, and uses the
 * challenge up before it does: of two equal requests one is answered `no_challenge`.
 *
 * @throws DirectoryUnavailableError where the application's users do not answer; the code stays used.
 */
export async function verifyPhone(
  context: FlowContext,
  users: Pick<Users<never>, 'confirmPhone'>,
  number: string,
  code: string,
): Promise<{ readonly status: 'verified' } | Refusal> {
  const subject = phoneSubjectPrefix + number
  const outcome = await verifyChallenge(context, {
    ...{ subject, code, purpose: 'phone-verification' },
    challengeId: undefined,
    holder: null,
  })
  if (isRefusal(outcome)) return outcome
  const { destination } = outcome.challenge
  if (!(await users.confirmPhone(destination))) return refuse('unknown_number')
  emit(context, { type: 'phone_verified', subject, destination: maskPhone(destination) })
  return { status: 'verified' }
}
