/** Requirements of a route, and the check of a grant against them. */

import { isActive, isWithin } from './grant.js'
import { refusal, type Refusal } from './refusal.js'
import type { Grant, Instant, Method } from './state.js'

/** What a route needs beside an active grant. */
export interface Need {
  /** How recent the pass has to be, in seconds. */
  readonly maxAgeSeconds?: number | undefined
  /** The methods that will do; any where it is absent. */
  readonly methods?: readonly Method[] | undefined
}

/** Why a grant does not meet a need, or `null`. What the session has passed before by another method counts as well. */
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
