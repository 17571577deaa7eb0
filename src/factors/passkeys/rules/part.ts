/** The passkeys' part of a user's row: public keys with their counters, and the used ceremonies. */

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

/** The key of this part in the row. */
export const kind = 'passkey'

/** The method of its grants. */
export const method = 'passkey'

/** Upper bound of the option `max`. */
export const mostKeys = 5

/** An enrolled passkey. */
export interface Passkey {
  /** Identifies it in URLs. */
  readonly id: string
  /** The credential id from its authenticator, in base64url. */
  readonly credentialId: string
  /** The COSE public key, in base64url. */
  readonly publicKey: string
  /** The highest signature counter so far; 0 if its authenticator does not count. */
  readonly counter: number
  /** True if it can be synced to other devices. Never changes. */
  readonly synced: boolean
  /** The transports of its authenticator, such as `internal`. */
  readonly transports: readonly string[]
  /** The user's name for it. */
  readonly name: string
  readonly addedAt: Instant
  /** When it last passed a sign-in. */
  readonly usedAt: Instant | null
}

/** A used ceremony. It cannot pass again. */
export interface SpentCeremony {
  readonly id: string
  /** When its challenge expires. */
  readonly until: Instant
}

/** The part of a user who has or had a passkey. */
export interface PasskeysPart extends FactorPart {
  /** Present if there is a passkey. */
  readonly held?: true
  /** The user handle for authenticators: random, made with the first passkey. */
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
 * Validates the stored part; `null` if there never was a passkey. Keeps fields that this release does not know.
 *
 * @throws StoreUnavailableError if the part is damaged.
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

/** Replaces the passkeys in the part, and removes `held` if there are none. */
export function withKeys(
  { held: _held, ...part }: PasskeysPart,
  keys: readonly Passkey[],
): PasskeysPart {
  return keys.length === 0 ? { ...part, keys } : { held: true, ...part, keys }
}

/** Used ceremonies to remember. Only a success adds one, so an attacker cannot push one out. */
const mostSpent = 20

/** Adds a used ceremony to the part, and drops those whose challenge has expired. */
export function withSpent(
  part: PasskeysPart,
  { id, until }: SpentCeremony,
  now: Instant,
): PasskeysPart {
  const running = part.spent.filter((each) => each.until > now)
  return { ...part, spent: [...running, { id, until }].slice(-mostSpent) }
}
