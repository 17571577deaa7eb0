/** The authenticator app's part of a user's row: its sealed secret, and the codes that are used up. */

import { damagedRow } from '../../../core/read-row.js'
import {
  arrayOf,
  count,
  isTrue,
  number,
  object,
  orNull,
  string,
  type FieldsOf,
} from '../../../core/shape.js'
import type { FactorPart, Instant, SubjectState } from '../../../core/state.js'

/** The kind under which the row keeps this part. */
export const kind = 'totp'

/** The method that its grants name. */
export const method = 'totp'

/** An authenticator app that a person has set up. */
export interface TotpPart extends FactorPart {
  readonly held: true
  /** The id of the secret that its own is sealed under. */
  readonly sealedBy: string
  readonly id: string
  /** The sealed secret, bound to the user and to `id`. */
  readonly sealed: string
  /** What the person calls it. */
  readonly name: string
  readonly addedAt: Instant
  /** When it last passed a sign-in. */
  readonly usedAt: Instant | null
  /** The time step of the last code accepted, that of the set-up included. */
  readonly lastStep: number
  /** Some steps accepted before it, newest last, at most 6: a clock that leaps back must not make them good again. */
  readonly earlierSteps: readonly number[]
}

const shape = object({
  held: isTrue,
  sealedBy: string,
  id: string,
  sealed: string,
  name: string,
  addedAt: number,
  usedAt: orNull(number),
  lastStep: count,
  earlierSteps: arrayOf(count),
} satisfies FieldsOf<TotpPart>)

/**
 * The stored part, or `null` where no app is set up. Fields that this release does not know stay in it.
 *
 * @throws StoreUnavailableError for one that no write of this package left so.
 */
export function readPart(part: FactorPart | undefined): TotpPart | null {
  if (part === undefined || Object.keys(part).length === 0) return null
  const damaged = shape(part, `factors.${kind}`)
  if (damaged !== null) throw damagedRow(damaged)
  return part as TotpPart
}

/** The user's app, or `null`. */
export function partOf(row: Pick<SubjectState, 'factors'>): TotpPart | null {
  return readPart(row.factors[kind])
}
