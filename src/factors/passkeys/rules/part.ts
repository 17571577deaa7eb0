/** The passkeys' part of a user's row: public keys, their counters, and the ceremonies that are used up. */

import { damagedRow } from '../../../core/read-row.js'
import {
  arrayOf,
  boolean,
  count,
  isTrue,
  number,
  object,
  optional,
  orNull,
  string,
  type FieldsOf,
} from '../../../core/shape.js'
import type { FactorPart, Instant, SubjectState } from '../../../core/state.js'

/** The kind under which the row keeps this part. */
export const kind = 'passkey'

/** The method that its grants name. */
export const method = 'passkey'

/** Nobody keeps more passkeys here, whatever the options say. */
export const mostKeys = 5

/** A passkey that a person has enrolled. */
export interface Passkey {
  /** Names it in addresses. */
  readonly id: string
  /** The id that its authenticator has given it, in base64url. */
  readonly credentialId: string
  /** The public key as COSE writes it, in base64url. */
  readonly publicKey: string
  /** How often it has signed, as far as is known; 0 where its authenticator does not count. */
  readonly counter: number
  /** Whether it may be copied to other devices: fixed for its life. */
  readonly synced: boolean
  /** How browsers reach its authenticator, such as `internal`. */
  readonly transports: readonly string[]
  /** What the person calls it. */
  readonly name: string
  readonly addedAt: Instant
  /** When it last passed a sign-in. */
  readonly usedAt: Instant | null
}

/** A ceremony that has passed once, and passes no more. */
export interface SpentCeremony {
  readonly id: string
  /** When its challenge would have ended anyway. */
  readonly until: Instant
}

/** The part of somebody who has, or once had, a passkey. */
export interface PasskeysPart extends FactorPart {
  /** Present while there is a passkey. */
  readonly held?: true
  /** The id by which authenticators know the user: random, made with the first passkey. */
  readonly handle: string
  readonly keys: readonly Passkey[]
  /** Newest last, at most 20. */
  readonly spent: readonly SpentCeremony[]
}

const shape = object({
  held: optional(isTrue),
  sealedBy: optional(string),
  handle: string,
  keys: arrayOf(
    object({
      id: string,
      credentialId: string,
      publicKey: string,
      counter: count,
      synced: boolean,
      transports: arrayOf(string),
      name: string,
      addedAt: number,
      usedAt: orNull(number),
    } satisfies FieldsOf<Passkey>),
  ),
  spent: arrayOf(object({ id: string, until: number } satisfies FieldsOf<SpentCeremony>)),
} satisfies FieldsOf<PasskeysPart>)

/**
 * The stored part, or `null` where there never was a passkey. Fields that this release does not know stay in it.
 *
 * @throws StoreUnavailableError for one that no write of this package left so.
 */
export function readPart(stored: FactorPart | undefined): PasskeysPart | null {
  if (stored === undefined || Object.keys(stored).length === 0) return null
  const damaged = shape(stored, `factors.${kind}`)
  if (damaged !== null) throw damagedRow(damaged)
  const part = stored as PasskeysPart
  const isMarked = part.held === true
  if (isMarked !== part.keys.length > 0) throw damagedRow(`factors.${kind}.held`)
  return part
}

/** The user's part, or `null`. */
export function partOf(row: Pick<SubjectState, 'factors'>): PasskeysPart | null {
  return readPart(row.factors[kind])
}

/** The passkeys of a row. */
export function keysOf(row: Pick<SubjectState, 'factors'>): readonly Passkey[] {
  return partOf(row)?.keys ?? []
}

/** The part with these passkeys; without any, what is left marks no enrolment. */
export function withKeys(
  { held: _held, ...part }: PasskeysPart,
  keys: readonly Passkey[],
): PasskeysPart {
  return keys.length === 0 ? { ...part, keys } : { held: true, ...part, keys }
}

/** More ceremonies than this are not remembered. Only a success spends one, so that nobody can push another out. */
const mostSpent = 20

/** The part with one more ceremony that has passed, and without those that have ended anyway. */
export function withSpent(
  part: PasskeysPart,
  { id, until }: SpentCeremony,
  now: Instant,
): PasskeysPart {
  const running = part.spent.filter((each) => each.until > now)
  return { ...part, spent: [...running, { id, until }].slice(-mostSpent) }
}
