/** Whether a phone may take the place of another, decided on the row itself: two sessions may ask at once. */

import { factorChangeSeconds, freshnessRefusal } from '../../../core/enrolment.js'
import { findGrant, revokeAllGrants } from '../../../core/grant.js'
import type { Policy } from '../../../core/policy.js'
import type { Refusal } from '../../../core/refusal.js'
import {
  after,
  withPart,
  type Decision,
  type Instant,
  type SubjectState,
} from '../../../core/state.js'
import { kind, partOf, type Challenge, type PhonePart, type ProvedPhone } from './part.js'

/** However long codes live, a change of phone that began in time has to be typed within this. */
const longestTypingSeconds = 600

/**
 * How long a request may have been under way with what the application said of the user before another request proved
 * a phone: longer than a server waits for a request's body.
 */
const provedSeconds = 600

/** Whether somebody has just proved another phone, which the application may not have shown yet. */
function isOvertaken(row: SubjectState, destination: string, now: Instant): boolean {
  const { proved } = partOf(row)
  return proved !== undefined && proved.destination !== destination && now < proved.until
}

/**
 * The refusal of a code that would change a verified phone without a fresh second factor, or `null`. `isVerified` is
 * what the application said; a phone that was verified since counts as well, or a password alone would replace it. A
 * change that began in time may take as long as one code lives, however often codes are sent again.
 */
export function changeRefusal(
  row: SubjectState,
  now: Instant,
  { destination }: Challenge,
  { isVerified, grantId }: { readonly isVerified: boolean; readonly grantId: string | null },
  policy: Policy,
): Refusal | null {
  if (!isVerified && !isOvertaken(row, destination, now)) return null
  const grant = grantId === null ? null : findGrant(row, grantId, now)
  const typing = Math.min(policy.codeLifetimeSeconds + policy.graceSeconds, longestTypingSeconds)
  return freshnessRefusal(grant, now, factorChangeSeconds + typing)
}

/** What is remembered of a phone that was proved at this instant. */
export function provedAt(destination: string, now: Instant): ProvedPhone {
  return { destination, until: after(now, provedSeconds) }
}

/** Whether a phone that the application takes for unverified is another than the last that was proved here. */
export function isAnother(row: SubjectState, destination: string): boolean {
  return partOf(row).proved?.destination !== destination
}

/**
 * Remembers, in the row of its user, a phone that was proved without a login. Where it is not the one that was proved
 * last, the passes of before end.
 */
export function provePhone(row: SubjectState, now: Instant, destination: string): Decision<null> {
  const part: PhonePart = { ...partOf(row), proved: provedAt(destination, now) }
  const state = isAnother(row, destination) ? revokeAllGrants(row) : row
  return { state: withPart(state, kind, part), outcome: null }
}
