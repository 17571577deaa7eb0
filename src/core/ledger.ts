/** The failure ledger that all factors share: it counts failures, locks the user, and clears both after a success. */

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

/** Counts one more failure in a row and locks the user at the threshold. Never shortens a lock. */
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

/** The number of further failures in a row until the next lock, at least 1. */
export function failuresUntilLock({ failures }: SubjectState, policy: Policy): number {
  const { lockAfterFailures, hardStopFailures } = policy
  const untilLock = lockAfterFailures - (failures % lockAfterFailures)
  return Math.max(1, Math.min(untilLock, hardStopFailures - failures))
}

/** The locks before and after a failure that was counted up front. */
export interface CountedFailure {
  readonly lockBefore: Lock
  readonly lockAfter: Lock
}

/** Undoes a counted failure, and its lock too unless another failure has changed the lock since. */
export function undoFailure(
  state: SubjectState,
  { lockBefore, lockAfter }: CountedFailure,
): SubjectState {
  if (state.failures < 1) return state
  const lock = isSameLock(state.lock, lockAfter) ? lockBefore : state.lock
  return { ...state, failures: state.failures - 1, lock }
}

/** True if two locks are equal. */
export function isSameLock(left: Lock, right: Lock): boolean {
  return left.tier === right.tier && left.until === right.until
}

/** The session that gets a grant. */
export interface GrantHolder {
  /** The session's earlier grant. The new one replaces it. */
  readonly replacedGrantId: string | null
}

/** A grant to issue after a right answer. */
export interface NewGrant {
  readonly id: string
  readonly method: Method
  readonly purpose: Purpose
  /** `null` if the caller has no session: the grant is returned but not stored. */
  readonly holder: GrantHolder | null
  /**
   * True to end every other grant, because the answer changed a factor.
   *
   * @default true for an enrolment
   */
  readonly endsOthers?: boolean | undefined
  /** The session's key, if it has one. */
  readonly sessionKey?: string | null | undefined
}

/** Clears the failures and the lock, and issues a grant. */
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

/** True if the user is locked now, be it until an instant or by the hard stop. */
export function isLocked(state: SubjectState, now: Instant): boolean {
  const { lock } = state
  return lock.tier === 'disabled' || isDamaged(state) || (lock.until !== null && now < lock.until)
}

/** When the lock ends; `null` if there is none, and after the hard stop. */
export function lockedUntil(state: SubjectState, now: Instant): Date | null {
  return isLocked(state, now) && state.lock.until !== null ? new Date(state.lock.until) : null
}

/** The refusal if the user is locked, or `null`. */
export function lockRefusal(state: SubjectState, now: Instant): Refusal | null {
  if (!isLocked(state, now)) return null
  return state.lock.until === null || isDamaged(state)
    ? refusal('locked_out')
    : refusalUntil('locked_out', state.lock.until, now)
}

/** An invalid count could allow unlimited guesses, so such a row is locked until a reset. */
function isDamaged({ failures }: SubjectState): boolean {
  return !Number.isInteger(failures) || failures < 0
}
