/** Reads a stored row. Every store uses it, so that damage fails closed in one way, whatever the database. */

import { StoreUnavailableError } from './errors.js'
import {
  arrayOf,
  boolean,
  count,
  eitherOf,
  number,
  object,
  oneOf,
  optional,
  orNull,
  recordOf,
  string,
  type FieldsOf,
} from './shape.js'
import type { EarlierPass, FactorPart, Grant, Lock, SubjectState } from './state.js'

const earlierPass = object({
  method: string,
  issuedAt: number,
  expiresAt: number,
} satisfies FieldsOf<EarlierPass>)

const grant = object({
  id: string,
  method: string,
  issuedAt: number,
  expiresAt: number,
  sessionKey: optional(string),
  earlier: optional(arrayOf(earlierPass)),
} satisfies FieldsOf<Grant>)

const lock = eitherOf(
  object({ tier: count, until: orNull(number) } satisfies FieldsOf<Lock>),
  object({ tier: oneOf('disabled'), until: orNull(oneOf()) } satisfies FieldsOf<Lock>),
)

/** Each factor reads the rest of its part itself, and is the only one who can. */
const part = object({
  held: optional(boolean),
  sealedBy: optional(string),
} satisfies FieldsOf<FactorPart>)

const row = object({
  subject: string,
  version: count,
  failures: count,
  lock,
  epoch: count,
  grants: arrayOf(grant),
  factors: recordOf(part),
  keepUntil: orNull(number),
  updatedAt: number,
} satisfies FieldsOf<SubjectState>)

/**
 * The row in a stored value. Fields that this release does not know stay in it, and so survive its writes.
 *
 * @throws StoreUnavailableError for a value that is not a whole row of this subject. Treating it as absent
 *   would forget a lock; an absent or negative count would mean guesses without end.
 * @example
 * const row = readRow(JSON.parse(json), subject)
 */
export function readRow(value: unknown, subject: string): SubjectState {
  const damaged = row(value, '')
  if (damaged !== null) throw damagedRow(damaged)
  const state = value as SubjectState
  // A database that compares more loosely than ids differ must not hand out another user's row.
  if (state.subject !== subject) throw damagedRow('subject')
  return state
}

/**
 * The fault of a row whose field no write of this package left as it is.
 *
 * @example
 * if (typeof part.word !== 'string') throw damagedRow('factors.word.word')
 */
export function damagedRow(field: string): StoreUnavailableError {
  return new StoreUnavailableError(
    `${field === '' ? 'the value' : `the field ${field}`} of a second-factor row is damaged; ` +
      'repair the row, or delete it, which also ends its locks',
  )
}
