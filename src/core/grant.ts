/** The rules of grants: proofs of a passed second factor, each held by one session. */

import type { Policy } from './policy.js'
import {
  after,
  clockSkewSeconds,
  type Challenge,
  type Grant,
  type Instant,
  type SubjectState,
} from './state.js'

/** More grants than this per user, and the oldest go. */
export const maxGrants = 20

/** A grant for the challenge that was just passed. */
export function newGrant(id: string, challenge: Challenge, now: Instant, policy: Policy): Grant {
  return {
    id,
    method: challenge.method,
    purpose: challenge.purpose,
    issuedAt: now,
    expiresAt: after(now, policy.grantLifetimeSeconds),
  }
}

/** Adds a grant in place of the session's earlier one, and drops the expired and the oldest. */
export function addGrant(
  state: SubjectState,
  grant: Grant,
  replacedId: string | null,
): SubjectState {
  const kept = state.grants.filter(
    (other) => other.id !== replacedId && other.expiresAt > grant.issuedAt,
  )
  return { ...state, grants: [...kept, grant].slice(-maxGrants) }
}

/** The grant with this id, while it lives. */
export function findGrant(state: SubjectState | null, id: string, now: Instant): Grant | null {
  const grant = state?.grants.find((other) => other.id === id)
  return grant !== undefined && isLiving(grant, now) ? grant : null
}

/** Neither expired, nor from a future that the clock has since left. */
export function isLiving(grant: Grant, now: Instant): boolean {
  return now < grant.expiresAt && isBelievable(grant, now)
}

/** Ends one grant. */
export function revokeGrant(state: SubjectState, id: string): SubjectState {
  const grants = state.grants.filter((grant) => grant.id !== id)
  return grants.length === state.grants.length ? state : { ...state, grants }
}

/** Ends every grant and the running challenge: the factor has changed. */
export function revokeAllGrants(state: SubjectState): SubjectState {
  return { ...state, epoch: state.epoch + 1, grants: [], challenge: null }
}

/** Whether the grant is not older than `seconds`, nor from a future that the clock has since left. */
export function isFresh(grant: Grant, now: Instant, seconds: number): boolean {
  return now <= after(grant.issuedAt, seconds) && isBelievable(grant, now)
}

function isBelievable(grant: Grant, now: Instant): boolean {
  return grant.issuedAt <= after(now, clockSkewSeconds)
}
