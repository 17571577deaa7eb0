/** What an operator may do to a user's row. */

import type { Policy } from './policy.js'
import { after, newSubject, noLock, noSends, type Instant, type SubjectState } from './state.js'

/** Forgets failures, lock, hard stop, send counters and the running challenge. Grants go on. */
export function resetAll(state: SubjectState, now: Instant): SubjectState {
  const { subject, version, epoch, grants } = state
  return { ...newSubject(subject, version, now), epoch, grants }
}

/** Forgets failures, lock and hard stop, and gives the running challenge its whole budget again. */
export function resetAttempts(state: SubjectState): SubjectState {
  const { challenge } = state
  return {
    ...state,
    failures: 0,
    lock: noLock,
    challenge: challenge === null ? null : { ...challenge, attempts: 0 },
  }
}

/** Forgets the messages that were sent: the ladder, and the day's budget. */
export function resetResends(state: SubjectState): SubjectState {
  return { ...state, sends: noSends }
}

/** Ends the life of the running challenge, its grace included. */
export function expireChallenge(state: SubjectState, now: Instant, policy: Policy): SubjectState {
  const { challenge } = state
  if (challenge === null) return state
  const expiresAt = Math.min(challenge.expiresAt, after(now, -policy.graceSeconds))
  return { ...state, challenge: { ...challenge, expiresAt } }
}
