/** Stores the phone that a right code has proved. */

import { isRefusal, refusal, type Refusal } from '../../core/refusal.js'
import type { Completion, CompletionRequest } from '../../ports/attempt.js'
import type { PhoneContext } from './context.js'
import { maskPhone } from './mask.js'
import { notifyReplaced } from './notify-replaced.js'
import type { ProvedChallenge } from './rules/part.js'

/** Has the application store the phone that the code has just proved, or returns a refusal. */
export async function completePhone<User>(
  context: PhoneContext<User>,
  { user, subject, purpose, proof, locale, isLoggedIn }: CompletionRequest<User>,
): Promise<Completion | Refusal> {
  const { users, emit } = context
  const { destination, replaces } = proof as ProvedChallenge
  const current = await users.destination(user)
  const earlier = isRefusal(current) ? null : current
  if (purpose === 'sign-in') {
    if (isRefusal(current)) return current
    // The application has replaced the phone since the code was sent, so the old one proves nothing about the user.
    if (earlier?.number !== destination) return refusal('no_challenge')
    if (earlier.verified) return { status: 'completed' }
  }
  if (!users.keepsPhones) return { status: 'completed' }
  if (!(await isLoggedIn())) return refusal('login_required')
  await users.setVerifiedPhone(user, destination)
  emit({ type: 'phone_verified', subject, destination: maskPhone(destination) })
  // A phone kept in the row is already overwritten, so the proof carries the earlier one. The application's was read
  // above.
  const known = earlier?.verified === true ? earlier.number : undefined
  const replaced = users.ownsPhones ? replaces : known
  if (replaced === undefined || replaced === destination) return { status: 'completed' }
  return {
    status: 'completed',
    afterwards: () => {
      void notifyReplaced(context, subject, replaced, destination, locale)
    },
  }
}
