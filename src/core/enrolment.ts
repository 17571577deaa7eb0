/** The enrolment part of the row, the grace period, and the rule for changing factors. */

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

/** The key of this part in the row. Reserved: no factor may use it as its kind. */
export const enrolmentKind = 'enrolment'

/** Changing factors requires a second factor passed within this many seconds (OWASP ASVS 5, 7.5.1). */
export const factorChangeSeconds = 300

/** The enrolment history of a user. It outlives the factors themselves. */
export interface Enrolment extends FactorPart {
  /** When enrolment first became due. Set once, so the grace period cannot be renewed. */
  readonly dueSince: Instant | null
  /** True once a factor has been enrolled. The grace period is over from then on. */
  readonly everHeld: boolean
  /** True after an operator reset the factors: enrolling the next one requires the operator's code. */
  readonly isClosed: boolean
}

const none: Enrolment = { dueSince: null, everHeld: false, isClosed: false }

const shape = object({
  dueSince: orNull(number),
  everHeld: boolean,
  isClosed: boolean,
} satisfies Omit<FieldsOf<Enrolment>, keyof FactorPart>)

/**
 * The enrolment history in a row.
 *
 * @throws StoreUnavailableError if the stored part is damaged.
 */
export function enrolmentOf({ factors }: Pick<SubjectState, 'factors'>): Enrolment {
  const part = factors[enrolmentKind]
  if (part === undefined) return none
  const damaged = shape(part, `factors.${enrolmentKind}`)
  if (damaged !== null) throw damagedRow(damaged)
  return part as Enrolment
}

/** Changes fields of the enrolment history. */
export function withEnrolment(row: SubjectState, changes: Partial<Enrolment>): SubjectState {
  return withPart(row, enrolmentKind, { ...enrolmentOf(row), ...changes })
}

/** Records that a factor was enrolled: the grace period ends, and a reset account is open again. */
export function afterEnrolment(row: SubjectState): SubjectState {
  const { everHeld, isClosed } = enrolmentOf(row)
  return everHeld && !isClosed ? row : withEnrolment(row, { everHeld: true, isClosed: false })
}

/** When the grace period ends under the current policy; `null` if there is none, or it no longer applies. */
export function graceEnd({ dueSince, everHeld }: Enrolment, graceSeconds: number): Instant | null {
  return dueSince === null || everHeld || graceSeconds === 0 ? null : after(dueSince, graceSeconds)
}

/** The refusal if a session with this grant may not change existing factors, or `null`. */
export function freshnessRefusal(
  grant: Grant | null,
  now: Instant,
  seconds: number = factorChangeSeconds,
): Refusal | null {
  if (grant === null) return refusal('second_factor_required')
  return isWithin(grant, now, seconds) ? null : refusal('second_factor_stale')
}
