/** The second factor without HTTP: for jobs, sockets, command lines and tests. */

import { isLive } from '../core/challenge.js'
import { toCode } from '../core/code-text.js'
import { isLocked } from '../core/lock.js'
import { isRefusal, type Refusal } from '../core/refusal.js'
import { nextSendAt } from '../core/sending.js'
import { newSubject, type Channel } from '../core/state.js'
import { challengeView, passedView, type ChallengeView, type PassedView } from '../core/view.js'
import type { FlowContext } from './context.js'
import { endAllGrants } from './grants.js'
import { clear } from './operate.js'
import { startChallenge } from './start-challenge.js'
import type { Target, Targets } from './target.js'
import { readState } from './transition.js'
import { verifyChallenge } from './verify-challenge.js'

/** Where a user's second factor stands. */
export interface SubjectStatus {
  /** The latest challenge while it runs, whichever session asked for it: its attempts and seconds left. */
  readonly challenge: ChallengeView | null
  /** Failures in a row. */
  readonly failures: number
  readonly locked: boolean
  /** When the lock ends; `null` where there is none, and at the hard stop. */
  readonly lockedUntil: Date | null
  /** When the next message may go out; `null` where one may now. */
  readonly nextSendAt: Date | null
  /** Messages since the ladder of waits last began. */
  readonly sends: number
}

/** A code that was right, outside any session. */
export interface PlainPassed extends PassedView {
  readonly status: 'passed'
}

/** How a code is sent. */
export interface PlainStartOptions {
  /** BCP 47 tag of the message's language. Default: what `users.locale` says, else `message.defaultLocale`. */
  readonly locale?: string | undefined
  /** How the code is to travel. Default: the running challenge's, else the first configured. */
  readonly channel?: Channel | undefined
  /** Makes a new code although the last one still lives; that one is dead from then on. Default false. */
  readonly renew?: boolean | undefined
}

/**
 * What can be done for a user, or for a subject made by `forSubject`, without a request. Refusals are
 * answers; faults of the store or the user directory reject.
 */
export interface PlainSecondFactor<User> {
  /** Sends a code: the running one again, or a new one where the last has expired or is used up. */
  start(target: Target<User>, options?: PlainStartOptions): Promise<ChallengeView | Refusal>
  /** Judges a code for the running challenge. No session is raised by it. */
  verify(target: Target<User>, code: string): Promise<PlainPassed | Refusal>
  status(target: Target<User>): Promise<SubjectStatus>
  /** Forgets failures, lock, hard stop, send counters and the running challenge: an operator's tool. */
  reset(target: Target<User>): Promise<void>
  /** Forgets failures, lock and hard stop, and gives the running challenge its whole budget again. */
  resetAttempts(target: Target<User>): Promise<void>
  /** Forgets the messages that were sent: the ladder of waits, and the day's budget. */
  resetResends(target: Target<User>): Promise<void>
  /** Ends the life of the running challenge now. */
  expire(target: Target<User>): Promise<void>
  /** Ends every grant of the user, in all sessions and processes at once, and the running challenge. */
  revoke(target: Target<User>): Promise<void>
}

/** Makes the calls; `forget` clears what this process has cached of a user's grants. */
export function plainSecondFactor<User>(
  context: FlowContext,
  targets: Targets<User>,
  forget: (subject: string) => void,
): PlainSecondFactor<User> {
  const { policy, clock } = context
  return {
    async start(target, options = {}) {
      const subject = targets.subject(target)
      const { answer } = await startChallenge(context, {
        subject,
        purpose: 'sign-in',
        destination: await targets.number(target),
        channel: options.channel,
        locale: options.locale ?? (await targets.locale(target)),
        ownId: options.renew === true ? null : undefined,
      })
      return answer
    },
    async verify(target, code) {
      const text = toCode(code, policy.digits)
      if (isRefusal(text)) return text
      const outcome = await verifyChallenge(context, {
        subject: targets.subject(target),
        purpose: 'sign-in',
        code: text.text,
        challengeId: undefined,
        holder: null,
      })
      return isRefusal(outcome) ? outcome : { status: 'passed', ...passedView(outcome.grant) }
    },
    async status(target) {
      const subject = targets.subject(target)
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
        sends: row.sends.count,
      }
    },
    reset: (target) => clear(context, targets.subject(target), 'all'),
    resetAttempts: (target) => clear(context, targets.subject(target), 'attempts'),
    resetResends: (target) => clear(context, targets.subject(target), 'resends'),
    expire: (target) => clear(context, targets.subject(target), 'challenge'),
    async revoke(target) {
      const subject = targets.subject(target)
      forget(subject)
      await endAllGrants(context, subject)
      forget(subject)
    },
  }
}
