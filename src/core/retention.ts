/** Works out how long a row must be kept, so that no lock, counter or enrolment is lost early. */

import type { FactorPart, Instant, SubjectState } from './state.js'

/** Returns the instant from which a part is no longer needed; `null` if it must be kept. */
export type PartRetention = (kind: string, part: FactorPart) => Instant | null

/**
 * The instant from which a row is no longer needed, or `null` if it must be kept. Waiting never clears failures, only a
 * success or a reset does, and an enrolled factor stays until it is removed.
 */
export function keepUntil(state: SubjectState, ofPart: PartRetention): Instant | null {
  if (state.failures > 0 || state.lock.tier === 'disabled') return null
  const parts = Object.entries(state.factors).map(([kind, part]) =>
    part.held === true ? null : ofPart(kind, part),
  )
  return parts.reduce<Instant | null>(
    (latest, until) => (latest === null || until === null ? null : Math.max(latest, until)),
    Math.max(
      state.updatedAt,
      state.lock.until ?? 0,
      ...state.grants.map((grant) => grant.expiresAt),
    ),
  )
}
