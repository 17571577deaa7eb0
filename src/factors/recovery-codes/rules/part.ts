/** The recovery codes' part of a user's row: digests of one set of codes and of an operator's, and which are used up. */

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

/** The kind under which the row keeps this part. */
export const kind = 'recovery'

/** The method that its grants name. */
export const method = 'recovery-code'

/** No set has more codes than this. */
export const mostCodes = 16

/** One set of codes. A person has one at a time. */
export interface CodeSet {
  /** Names the set; every digest is bound to it. */
  readonly id: string
  /** One digest of 16 bytes for each code, all in one text of base64url. */
  readonly digests: string
  /** One bit for each code that is used up, the lowest for the first. */
  readonly used: number
  readonly addedAt: Instant
  /** When a sign-in was last passed by one. */
  readonly usedAt: Instant | null
}

/** A code that an operator has made for somebody who lost every factor. It passes once. */
export interface Ticket {
  /** Names it; the digest is bound to it. */
  readonly id: string
  /** In base64url. */
  readonly digest: string
  readonly expiresAt: Instant
  /** The row's epoch when it was made: once factors have changed, or everything was revoked, it is void. */
  readonly epoch: number
}

/** What is kept of a user's codes. */
export interface RecoveryPart extends FactorPart {
  /** Whether there is a set. */
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
 * A stored part. Fields that this release does not know stay in it.
 *
 * @throws StoreUnavailableError for one that no write of this package left so.
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

/** What is kept of the user's codes, as it counts now. */
export function partOf(row: Pick<SubjectState, 'factors' | 'epoch'>): RecoveryPart {
  const part = readPart(row.factors[kind])
  const isVoid = part.ticket !== null && part.ticket.epoch !== row.epoch
  return isVoid ? { ...part, ticket: null } : part
}

/** How many codes the set was made with. */
export function totalOf({ digests }: CodeSet): number {
  return Buffer.byteLength(digests, 'base64url') / digestBytes
}

/** How many codes of it are left. */
export function leftOf(codes: CodeSet): number {
  let left = totalOf(codes)
  for (let bits = codes.used; bits > 0; bits >>= 1) left -= bits & 1
  return left
}

/** How many codes are left of the set, 0 where there is none. */
export function leftIn({ set }: RecoveryPart): number {
  return set === null ? 0 : leftOf(set)
}
