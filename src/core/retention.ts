/** How long a row has to be kept, so that nothing is forgotten that still limits somebody. */

import { after, type Instant, type SubjectState } from './state.js'
import { daySeconds } from './sending.js'

/**
 * The instant after which a row says nothing any more, or `null` where it has to stay: failures in a
 * row fall only by a success or a reset, never by waiting.
 */
export function keepUntil(state: SubjectState): Instant | null {
  if (state.failures > 0 || state.lock.tier === 'disabled') return null
  const { sends, challenge, lock } = state
  return Math.max(
    state.updatedAt,
    challenge === null ? 0 : after(challenge.expiresAt, daySeconds),
    sends.nextAt ?? 0,
    sends.resetAt ?? 0,
    sends.windowStartedAt === null ? 0 : after(sends.windowStartedAt, daySeconds),
    lock.until ?? 0,
    ...state.grants.map((grant) => grant.expiresAt),
  )
}
