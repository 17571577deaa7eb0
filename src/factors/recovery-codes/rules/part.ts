/** The recovery codes' part of a user's row: digests of a set of codes and of a ticket, and the used ones. */

import { damagedRow } from '../../../core/read-row.js'
import {
  boolean,
  count,
  number,
  object,
  orNull,
  string,
  type FieldsOf,
  type Shape,
} from '../../../core/shape.js'
import type { FactorPart, Instant, SubjectState } from '../../../core/state.js'
import { digestBytes } from './codes.js'

/** The key of this part in the row. */
export const kind = 'recovery'

/** The method of its grants. */
export const method = 'recovery-code'

/** Maximum number of codes in a set. */
export const mostCodes = 16

/** A set of codes. A user has at most one. */
export interface CodeSet {
  /** The id of the set. Every digest is bound to it. */
  readonly id: string
  /** The digests of all codes, 16 bytes each, concatenated and in base64url. */
  readonly digests: string
  /** A bit mask of the used codes. The lowest bit is the first code. */
  readonly used: number
  readonly addedAt: Instant
  /** When one of them last passed a sign-in. */
  readonly usedAt: Instant | null
}

/** A code that an operator issued to a user who lost every factor. It passes once. */
export interface Ticket {
  /** The id of the ticket. The digest is bound to it. */
  readonly id: string
  /** In base64url. */
  readonly digest: string
  readonly expiresAt: Instant
  /** The row's epoch at issue. The ticket is void once a factor changed or every grant was revoked. */
  readonly epoch: number
}

/** The stored part. */
export interface RecoveryPart extends FactorPart {
  /** True if there is a set. */
  readonly held: boolean
  readonly set: CodeSet | null
  readonly ticket: Ticket | null
}

/** The part of a user who has no codes. */
export const emptyPart: RecoveryPart = { held: false, set: null, ticket: null }

const digests: Shape = (value, path) => {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64url') : Buffer.alloc(0)
  const codes = bytes.length / digestBytes
  const isWhole = Number.isInteger(codes) && codes >= 1 && codes <= mostCodes
  return isWhole && bytes.toString('base64url') === value ? null : path
}

const set = object({
  id: string,
  digests,
  used: count,
  addedAt: number,
  usedAt: orNull(number),
} satisfies FieldsOf<CodeSet>)

const ticket = object({
  id: string,
  digest: digests,
  expiresAt: number,
  epoch: count,
} satisfies FieldsOf<Ticket>)

const shape = object({
  held: boolean,
  set: orNull(set),
  ticket: orNull(ticket),
} satisfies Omit<FieldsOf<RecoveryPart>, 'sealedBy'>)

/**
 * Validates the stored part. Keeps fields that this release does not know.
 *
 * @throws StoreUnavailableError if the part is damaged.
 */
export function readPart(part: FactorPart | undefined): RecoveryPart {
  if (part === undefined) return emptyPart
  const damaged = shape(part, `factors.${kind}`)
  if (damaged !== null) throw damagedRow(damaged)
  const whole = part as RecoveryPart
  if (whole.held !== (whole.set !== null)) throw damagedRow(`factors.${kind}.held`)
  if (whole.set !== null && whole.set.used >= 2 ** totalOf(whole.set)) {
    throw damagedRow(`factors.${kind}.set.used`)
  }
  return whole
}

/** The part of a row, without a void ticket. */
export function partOf(row: Pick<SubjectState, 'factors' | 'epoch'>): RecoveryPart {
  const part = readPart(row.factors[kind])
  const isVoid = part.ticket !== null && part.ticket.epoch !== row.epoch
  return isVoid ? { ...part, ticket: null } : part
}

/** Number of codes in the set, used or not. */
export function totalOf({ digests }: CodeSet): number {
  return Buffer.byteLength(digests, 'base64url') / digestBytes
}

/** Number of unused codes in the set. */
export function leftOf(codes: CodeSet): number {
  let left = totalOf(codes)
  for (let bits = codes.used; bits > 0; bits >>= 1) left -= bits & 1
  return left
}

/** Number of unused codes; 0 if there is no set. */
export function leftIn({ set }: RecoveryPart): number {
  return set === null ? 0 : leftOf(set)
}
