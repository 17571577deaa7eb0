/** The authenticator app's part of a user's row: its sealed secret and the used codes. */

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

/** The key of this part in the row. */
export const kind = 'totp'

/** The method of its grants. */
export const method = 'totp'

/** An enrolled authenticator app. */
export interface TotpPart extends FactorPart {
  readonly held: true
  /** The id of the secret that seals it. */
  readonly sealedBy: string
  readonly id: string
  /** The app's secret, sealed and bound to the user and to `id`. */
  readonly sealed: string
  /** The user's name for it. */
  readonly name: string
  readonly addedAt: Instant
  /** When it last passed a sign-in. */
  readonly usedAt: Instant | null
  /** The time step of the last accepted code, including the one of the set-up. */
  readonly lastStep: number
  /** Earlier accepted steps, newest last, at most 6. Their codes stay used even if a clock jumps back. */
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
 * Validates the stored part; `null` if the user has no app. Keeps fields that this release does not know.
 *
 * @throws StoreUnavailableError if the part is damaged.
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
