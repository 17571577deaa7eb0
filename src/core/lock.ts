/** The rules of the failure ledger: when a lock comes, how long it lasts, when the factor is off. */

import type { Policy } from './policy.js'
import { refuse, refuseUntil, type Refusal } from './refusal.js'
import { after, type Instant, type SubjectState } from './state.js'

/** One more failure in a row, and the lock it brings. A lock is never shortened. */
export function countFailure(
  state: SubjectState,
  now: Instant,
  policy: Policy,
): Pick<SubjectState, 'failures' | 'lock'> {
  const failures = state.failures + 1
  if (failures >= policy.hardStopFailures || state.lock.tier === 'disabled') {
    return { failures, lock: { tier: 'disabled', until: null } }
  }
  if (failures % policy.lockAfterFailures !== 0) return { failures, lock: state.lock }
  const tier = failures / policy.lockAfterFailures
  const ladder = policy.lockLadderSeconds
  const until = after(now, ladder[Math.min(tier, ladder.length) - 1] ?? 0)
  return { failures, lock: { tier, until: Math.max(until, state.lock.until ?? 0) } }
}

/** Whether the user is locked at this instant, for good or until `until`. */
export function isLocked(state: SubjectState, now: Instant): boolean {
  const { lock } = state
  return lock.tier === 'disabled' || isDamaged(state) || (lock.until !== null && now < lock.until)
}

/** The refusal of a locked user, or `null`. */
export function lockRefusal(state: SubjectState, now: Instant): Refusal | null {
  if (!isLocked(state, now)) return null
  return state.lock.until === null || isDamaged(state)
    ? refuse('locked_out')
    : refuseUntil('locked_out', state.lock.until, now)
}

/** A count that cannot be must not mean failures without end: the row is locked until a reset. */
function isDamaged({ failures }: SubjectState): boolean {
  return !Number.isInteger(failures) || failures < 0
}
