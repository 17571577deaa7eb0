/** The rules of grants: proofs of a passed second factor, each held by one session. */

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
export function isActive(grant: EarlierPass, now: Instant): boolean {
  return now < grant.expiresAt && hasHappened(grant.issuedAt, now)
}

/** Whether a second factor was passed at most so many seconds ago. On a trusted device none was. */
export function isWithin(grant: EarlierPass, now: Instant, seconds: number): boolean {
  if (grant.method === deviceMethod) return false
  return now <= after(grant.issuedAt, seconds) && hasHappened(grant.issuedAt, now)
}

/** No session is remembered to have passed by more other methods. */
const maxEarlier = 3

/** What a session has passed by other methods before a new grant takes the place of this one. */
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

/** Ends the grants that a session was given under this key, whatever its key is by now. */
export function revokeGrantsOf(state: SubjectState, sessionKey: string): SubjectState {
  const grants = state.grants.filter((grant) => grant.sessionKey !== sessionKey)
  return grants.length === state.grants.length ? state : { ...state, grants }
}

/**
 * Ends every grant and the trust in every device, and with the epoch everything that was pending: a factor has changed.
 */
export function revokeAllGrants(state: SubjectState): SubjectState {
  return { ...withDevices(state, []), epoch: state.epoch + 1, grants: [] }
}
