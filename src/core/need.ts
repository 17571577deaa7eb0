/** Checks a grant against the requirements of a route. */

import { isActive, isWithin } from './grant.js'
import { refusal, type Refusal } from './refusal.js'
import type { Grant, Instant, Method } from './state.js'

/** Requirements of a route beyond an active grant. */
export interface Need {
  /** Maximum age of the pass, in seconds. */
  readonly maxAgeSeconds?: number | undefined
  /** Accepted methods; all if absent. */
  readonly methods?: readonly Method[] | undefined
}

/** The refusal if a grant does not meet the need, or `null`. Earlier passes by other methods count too. */
export function needRefusal(
  grant: Grant | null,
  now: Instant,
  { maxAgeSeconds, methods }: Need,
): Refusal | null {
  if (grant === null) return refusal('second_factor_required', methods && { methods })
  const passes = [grant, ...(grant.earlier ?? [])].filter(
    (pass) => isActive(pass, now) && (methods === undefined || methods.includes(pass.method)),
  )
  if (passes.length === 0) return refusal('second_factor_insufficient', methods && { methods })
  const isRecent = passes.some(
    (pass) => maxAgeSeconds === undefined || isWithin(pass, now, maxAgeSeconds),
  )
  return isRecent ? null : refusal('second_factor_stale', methods && { methods })
}
