/** The ledger of failures that all factors share: when a lock comes, how long it lasts, what a success clears. */

import { addGrant, earlierPasses, findGrant, revokeAllGrants } from './grant.js'
import type { Policy } from './policy.js'
import { refusal, refusalUntil, type Refusal } from './refusal.js'
import {
  after,
  noLock,
  type Grant,
  type Instant,
  type Lock,
  type Method,
  type Purpose,
  type SubjectState,
} from './state.js'

/** Counts one more failure in a row, and adds the lock it brings. A lock is never shortened. */
export function recordFailure(state: SubjectState, now: Instant, policy: Policy): SubjectState {
  const failures = state.failures + 1
  if (failures >= policy.hardStopFailures || state.lock.tier === 'disabled') {
    return { ...state, failures, lock: { tier: 'disabled', until: null } }
  }
  if (failures % policy.lockAfterFailures !== 0) return { ...state, failures }
  const tier = failures / policy.lockAfterFailures
  const ladder = policy.lockLadderSeconds
  const until = after(now, ladder[Math.min(tier, ladder.length) - 1] ?? 0)
  return { ...state, failures, lock: { tier, until: Math.max(until, state.lock.until ?? 0) } }
}

/** How many failures in a row bring the next lock, from here on: at least 1. */
export function failuresUntilLock({ failures }: SubjectState, policy: Policy): number {
  const { lockAfterFailures, hardStopFailures } = policy
  const untilLock = lockAfterFailures - (failures % lockAfterFailures)
  return Math.max(1, Math.min(untilLock, hardStopFailures - failures))
}

/** A failure that was counted up front, as the locks before and after it. */
export interface CountedFailure {
  readonly lockBefore: Lock
  readonly lockAfter: Lock
}

/** Takes a counted failure back, with its lock unless another failure has changed that since. */
export function undoFailure(
  state: SubjectState,
  { lockBefore, lockAfter }: CountedFailure,
): SubjectState {
  if (state.failures < 1) return state
  const lock = isSameLock(state.lock, lockAfter) ? lockBefore : state.lock
  return { ...state, failures: state.failures - 1, lock }
}

/** Whether two locks are the same one. */
export function isSameLock(left: Lock, right: Lock): boolean {
  return left.tier === right.tier && left.until === right.until
}

/** The session that a grant is for. */
export interface GrantHolder {
  /** The session's earlier grant, which the new one replaces. */
  readonly replacedGrantId: string | null
}

/** A right answer, and whom it is for. */
export interface NewGrant {
  readonly id: string
  readonly method: Method
  readonly purpose: Purpose
  /** `null` where the caller has no session: nothing is kept then. */
  readonly holder: GrantHolder | null
  /** Whether a factor has changed by it, as by every enrolment. */
  readonly endsOthers?: boolean | undefined
  /** The key of the session, where it has one. */
  readonly sessionKey?: string | null | undefined
}

/** Clears failures and lock, and keeps a grant for the session. A changed factor ends every other grant. */
export function recordSuccess(
  state: SubjectState,
  now: Instant,
  policy: Policy,
  { id, method, purpose, holder, sessionKey, endsOthers = purpose === 'enrolment' }: NewGrant,
): { readonly state: SubjectState; readonly grant: Grant } {
  const expiresAt = after(now, policy.grantLifetimeSeconds)
  const replaced = holder?.replacedGrantId ?? null
  const earlier = earlierPasses(replaced === null ? null : findGrant(state, replaced, now), method)
  const grant: Grant = {
    ...{ id, method, issuedAt: now, expiresAt },
    ...(typeof sessionKey === 'string' ? { sessionKey } : {}),
    ...(earlier === undefined ? {} : { earlier }),
  }
  const base = endsOthers ? revokeAllGrants(state) : state
  const cleared: SubjectState = { ...base, failures: 0, lock: noLock }
  return {
    state: holder === null ? cleared : addGrant(cleared, grant, holder.replacedGrantId),
    grant,
  }
}

/** Whether the user is locked at this instant, for good or until `until`. */
export function isLocked(state: SubjectState, now: Instant): boolean {
  const { lock } = state
  return lock.tier === 'disabled' || isDamaged(state) || (lock.until !== null && now < lock.until)
}

/** When the lock ends; `null` where there is none, and at the hard stop. */
export function lockedUntil(state: SubjectState, now: Instant): Date | null {
  return isLocked(state, now) && state.lock.until !== null ? new Date(state.lock.until) : null
}

/** The refusal of a locked user, or `null`. */
export function lockRefusal(state: SubjectState, now: Instant): Refusal | null {
  if (!isLocked(state, now)) return null
  return state.lock.until === null || isDamaged(state)
    ? refusal('locked_out')
    : refusalUntil('locked_out', state.lock.until, now)
}

/** An impossible count must not mean failures without end: the row is locked until a reset. */
function isDamaged({ failures }: SubjectState): boolean {
  return !Number.isInteger(failures) || failures < 0
}
