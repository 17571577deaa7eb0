/** The second factor without HTTP: for jobs, sockets, command lines and tests. */

import { isLive } from '../core/challenge.js'
import { toCode } from '../core/code-text.js'
import { isLocked } from '../core/lock.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import { nextSendAt } from '../core/sending.js'
import { newSubject } from '../core/state.js'
import { challengeView, passedView, type ChallengeView, type PassedView } from '../core/view.js'
import type { FlowContext } from './context.js'
import { endAllGrants, resetSubject } from './grants.js'
import { startChallenge } from './start-challenge.js'
import { readState } from './transition.js'
import type { Users } from './users.js'
import { verifyChallenge } from './verify-challenge.js'

/** Where a user's second factor stands. */
export interface SubjectStatus {
  /** The running challenge, whichever session asked for it. */
  readonly challenge: ChallengeView | null
  /** Failures in a row. */
  readonly failures: number
  readonly locked: boolean
  /** When the lock ends; `null` where there is none, and at the hard stop. */
  readonly lockedUntil: Date | null
  /** When the next message may go out; `null` where one may now. */
  readonly nextSendAt: Date | null
}

/** A code that was right, outside any session. */
export interface PlainPassed extends PassedView {
  readonly status: 'passed'
}

/** What can be done for a user without a request. Faults of the store reject; refusals are answers. */
export interface PlainSecondFactor<User> {
  /** Sends a code: the first of a challenge, or the running one's again. */
  start(
    user: User,
    options?: { readonly locale?: string | undefined },
  ): Promise<ChallengeView | Refusal>
  /** Judges a code for the user's running challenge. No session is raised by it. */
  verify(user: User, code: string): Promise<PlainPassed | Refusal>
  status(user: User): Promise<SubjectStatus>
  /** Clears failures, lock, hard stop, send counters and the running challenge: an operator's tool. */
  reset(user: User): Promise<void>
  /** Ends every grant of the user, in all sessions and processes at once, and the running challenge. */
  revoke(user: User): Promise<void>
}

export function plainSecondFactor<User>(
  context: FlowContext,
  users: Users<User>,
  forget: (subject: string) => void,
): PlainSecondFactor<User> {
  const { policy, clock } = context
  return {
    async start(user, options = {}) {
      const subject = users.subject(user)
      const destination = await users.destination(user)
      const running = await readState(context, subject)
      const { answer } = await startChallenge(context, {
        subject,
        purpose: 'sign-in',
        destination: isRefusal(destination) ? destination : destination.number,
        locale: options.locale ?? null,
        ownId: running?.challenge?.id ?? null,
      })
      return answer
    },
    async verify(user, code) {
      const text = toCode(code, policy.digits)
      if (isRefusal(text)) return text
      const outcome = await verifyChallenge(context, {
        subject: users.subject(user),
        purpose: 'sign-in',
        code: text.text,
        challengeId: undefined,
        holder: null,
      })
      return isRefusal(outcome) ? outcome : { status: 'passed', ...passedView(outcome.grant) }
    },
    async status(user) {
      const subject = users.subject(user)
      const now = clock()
      const row = (await readState(context, subject)) ?? newSubject(subject, 0, now)
      const live = row.challenge !== null && isLive(row.challenge, now, policy)
      const locked = isLocked(row, now)
      const sendAt = nextSendAt(row.sends, now, policy)
      return {
        challenge: live ? challengeView(row, now, policy) : null,
        failures: row.failures,
        locked,
        lockedUntil: locked && row.lock.until !== null ? new Date(row.lock.until) : null,
        nextSendAt: sendAt === null ? null : new Date(sendAt),
      }
    },
    async reset(user) {
      await resetSubject(context, users.subject(user))
    },
    async revoke(user) {
      const subject = users.subject(user)
      forget(subject)
      await endAllGrants(context, subject)
      forget(subject)
    },
  }
}
