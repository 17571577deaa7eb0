/** Rules for grants. A grant proves that one session passed the second factor. */

import { deviceMethod, withDevices } from './devices.js'
import {
  after,
  hasHappened,
  type EarlierPass,
  type Grant,
  type Instant,
  type Method,
  type SubjectState,
} from './state.js'

/** Grants per user. Beyond this the oldest is dropped. */
export const maxGrants = 20

/** Adds a grant, replaces the session's earlier one, and drops expired grants and the oldest beyond the limit. */
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

/** The grant with this id if it is active, or `null`. */
export function findGrant(state: SubjectState | null, id: string, now: Instant): Grant | null {
  const grant = state?.grants.find((other) => other.id === id)
  return grant !== undefined && isActive(grant, now) ? grant : null
}

/** True if a grant has not expired. Tolerates 30 s of clock skew and rejects grants from the future. */
export function isActive(grant: EarlierPass, now: Instant): boolean {
  return now < grant.expiresAt && hasHappened(grant.issuedAt, now)
}

/** True if the second factor was passed at most this many seconds ago. Always false for a trusted device. */
export function isWithin(grant: EarlierPass, now: Instant, seconds: number): boolean {
  if (grant.method === deviceMethod) return false
  return now <= after(grant.issuedAt, seconds) && hasHappened(grant.issuedAt, now)
}

/** Earlier passes that a grant keeps. */
const maxEarlier = 3

/** The passes by other methods that a new grant takes over from the one it replaces. */
export function earlierPasses(
  replaced: Grant | null,
  method: Method,
): readonly EarlierPass[] | undefined {
  if (replaced === null) return undefined
  const { method: last, issuedAt, expiresAt, earlier = [] } = replaced
  const others = [
    ...earlier.filter((pass) => pass.method !== last),
    { method: last, issuedAt, expiresAt },
  ]
  const kept = others
    .filter((pass) => pass.method !== method && pass.method !== deviceMethod)
    .slice(-maxEarlier)
  return kept.length === 0 ? undefined : kept
}

/** Ends one grant. */
export function revokeGrant(state: SubjectState, id: string): SubjectState {
  const grants = state.grants.filter((grant) => grant.id !== id)
  return grants.length === state.grants.length ? state : { ...state, grants }
}

/** Ends the grants that were issued to the session under this key, even if the session's key has changed since. */
export function revokeGrantsOf(state: SubjectState, sessionKey: string): SubjectState {
  const grants = state.grants.filter((grant) => grant.sessionKey !== sessionKey)
  return grants.length === state.grants.length ? state : { ...state, grants }
}

/**
 * Ends every grant and every device's trust. Raising the epoch also voids every pending login and set-up.
 */
export function revokeAllGrants(state: SubjectState): SubjectState {
  return { ...withDevices(state, []), epoch: state.epoch + 1, grants: [] }
}
