/** Decides if a phone may replace another, on the row itself because two sessions may ask at once. */

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

/** The longest time to type the code for a change of phone, however long codes live. */
const longestTypingSeconds = 600

/**
 * The time that a proved phone is remembered. A request that read the user before another request proved a phone may
 * still be running; this is longer than a server waits for a request's body.
 */
const provedSeconds = 600

/** Returns true if another phone has just been proved that the request may not have read yet. */
function isOvertaken(row: SubjectState, destination: string, now: Instant): boolean {
  const { proved } = partOf(row)
  return proved !== undefined && proved.destination !== destination && now < proved.until
}

/**
 * The refusal of a code that would change a verified phone without a fresh second factor, or `null`. `isVerified` is
 * the application's word. A phone that was verified since then counts too, or a password alone could replace it. A
 * change that began in time may last as long as one code lives, however often codes are sent again.
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

/** The record of a phone that was proved at this instant. */
export function provedAt(destination: string, now: Instant): ProvedPhone {
  return { destination, until: after(now, provedSeconds) }
}

/** Returns true if this phone is not the one that was last proved here. */
export function isAnother(row: SubjectState, destination: string): boolean {
  return partOf(row).proved?.destination !== destination
}

/**
 * Records in the user's row a phone that was proved without a login. If it is not the one that was proved last,
 * earlier grants end.
 */
export function provePhone(row: SubjectState, now: Instant, destination: string): Decision<null> {
  const part: PhonePart = { ...partOf(row), proved: provedAt(destination, now) }
  const state = isAnother(row, destination) ? revokeAllGrants(row) : row
  return { state: withPart(state, kind, part), outcome: null }
}
