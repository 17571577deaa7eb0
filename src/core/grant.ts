/** The rules of grants: proofs of a passed second factor, each held by one session. */

import { after, hasHappened, type Grant, type Instant, type SubjectState } from './state.js'

/** More grants than this per user, and the oldest go. */
export const maxGrants = 20

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

/** The grant with this id, while it is active. */
export function findGrant(state: SubjectState | null, id: string, now: Instant): Grant | null {
  const grant = state?.grants.find((other) => other.id === id)
  return grant !== undefined && isActive(grant, now) ? grant : null
}

/** Whether a grant has not expired. Tolerates 30 s of clock skew and rejects grants from the future. */
export function isActive(grant: Grant, now: Instant): boolean {
  return now < grant.expiresAt && hasHappened(grant.issuedAt, now)
}

/** Whether a grant is at most so many seconds old. */
export function isWithin(grant: Grant, now: Instant, seconds: number): boolean {
  return now <= after(grant.issuedAt, seconds) && hasHappened(grant.issuedAt, now)
}

/** Ends one grant. */
export function revokeGrant(state: SubjectState, id: string): SubjectState {
  const grants = state.grants.filter((grant) => grant.id !== id)
  return grants.length === state.grants.length ? state : { ...state, grants }
}

/** Ends every grant, and with the epoch everything that was pending: a factor has changed. */
export function revokeAllGrants(state: SubjectState): SubjectState {
  return { ...state, epoch: state.epoch + 1, grants: [] }
}
