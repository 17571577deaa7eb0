/** When a user has to enrol a factor, and what it takes to change one. */

import { isWithin } from './grant.js'
import { refusal, type Refusal } from './refusal.js'
import { boolean, number, object, orNull, type FieldsOf } from './shape.js'
import { damagedRow } from './read-row.js'
import {
  after,
  withPart,
  type FactorPart,
  type Grant,
  type Instant,
  type SubjectState,
} from './state.js'

/** The part of the row that keeps this. No factor may have this kind. */
export const enrolmentKind = 'enrolment'

/** Changing factors needs a second factor passed within this time (OWASP ASVS 5, 7.5.1). */
export const factorChangeSeconds = 300

/** What the row remembers of enrolling, whatever becomes of the factors. */
export interface Enrolment extends FactorPart {
  /** Since when a factor has been due; set once, so that nothing renews the grace period. */
  readonly dueSince: Instant | null
  /** Whether a factor was ever enrolled: then there is no grace period any more. */
  readonly everHeld: boolean
  /** An operator removed the factors: enrolling now takes a ticket. */
  readonly isClosed: boolean
}

const none: Enrolment = { dueSince: null, everHeld: false, isClosed: false }

const shape = object({
  dueSince: orNull(number),
  everHeld: boolean,
  isClosed: boolean,
} satisfies Omit<FieldsOf<Enrolment>, keyof FactorPart>)

/**
 * What the row remembers of enrolling.
 *
 * @throws StoreUnavailableError where it is damaged.
 */
export function enrolmentOf({ factors }: Pick<SubjectState, 'factors'>): Enrolment {
  const part = factors[enrolmentKind]
  if (part === undefined) return none
  const damaged = shape(part, `factors.${enrolmentKind}`)
  if (damaged !== null) throw damagedRow(damaged)
  return part as Enrolment
}

/** The row with another memory of enrolling. */
export function withEnrolment(row: SubjectState, changes: Partial<Enrolment>): SubjectState {
  return withPart(row, enrolmentKind, { ...enrolmentOf(row), ...changes })
}

/** The row once a factor was enrolled: there is no grace period any more, and nothing waits for a ticket. */
export function afterEnrolment(row: SubjectState): SubjectState {
  const { everHeld, isClosed } = enrolmentOf(row)
  return everHeld && !isClosed ? row : withEnrolment(row, { everHeld: true, isClosed: false })
}

/** When the grace period ends under today's policy; `null` where there is none, or none any more. */
export function graceEnd({ dueSince, everHeld }: Enrolment, graceSeconds: number): Instant | null {
  return dueSince === null || everHeld || graceSeconds === 0 ? null : after(dueSince, graceSeconds)
}

/** Why a session with this grant may not change factors that are held, or `null`. */
export function freshnessRefusal(
  grant: Grant | null,
  now: Instant,
  seconds: number = factorChangeSeconds,
): Refusal | null {
  if (grant === null) return refusal('second_factor_required')
  return isWithin(grant, now, seconds) ? null : refusal('second_factor_stale')
}
