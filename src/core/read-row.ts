/** Validates stored rows. Every store calls it, so a damaged row fails closed the same way in each. */

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

/** The fields common to all parts. Each factor validates the rest of its own part. */
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
 * Validates a stored value as this subject's row. Keeps fields that this release does not know, so writing the row
 * back preserves them.
 *
 * @throws StoreUnavailableError if the value is not a valid row of this subject. Treating it as absent would drop a
 *   lock; accepting a missing or negative count would allow unlimited guesses.
 * @example
 * const row = readRow(JSON.parse(json), subject)
 */
export function readRow(value: unknown, subject: string): SubjectState {
  const damaged = row(value, '')
  if (damaged !== null) throw damagedRow(damaged)
  const state = value as SubjectState
  // A database with a case-insensitive collation may return another user's row.
  if (state.subject !== subject) throw damagedRow('subject')
  return state
}

/**
 * The error for a row with an invalid field.
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
