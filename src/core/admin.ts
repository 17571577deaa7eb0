/** What an operator may reset in a user's row, beside what each factor resets of its own part. */

import { newSubject, noLock, type Instant, type SubjectState } from './state.js'

/** What a reset clears. */
export type ResetScope =
  /** Failures, lock and hard stop, send counters and what is running. Grants and enrolments stay. */
  | 'all'
  /** Failures, lock and hard stop; a running challenge gets its whole budget again. */
  | 'attempts'
  /** The counters of messages that were sent. */
  | 'resends'
  /** The running challenge. */
  | 'challenge'

/** Resets what all factors share. */
export function resetShared(state: SubjectState, scope: ResetScope, now: Instant): SubjectState {
  if (scope === 'attempts') return { ...state, failures: 0, lock: noLock }
  if (scope !== 'all') return state
  const { epoch, grants, factors } = state
  return { ...state, ...newSubject(state.subject, state.version, now), epoch, grants, factors }
}
