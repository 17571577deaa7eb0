/** How long a row has to be kept, so that nothing is forgotten that still limits somebody. */

import type { FactorPart, Instant, SubjectState } from './state.js'

/** The instant from which a part says nothing any more; `null` where it has to stay. */
export type PartRetention = (kind: string, part: FactorPart) => Instant | null

/**
 * The instant from which a row says nothing any more, or `null` where it has to stay: failures in a row fall
 * only by a success or a reset, never by waiting, and an enrolled factor stays until it is removed.
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
