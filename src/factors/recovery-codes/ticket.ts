/** The ticket: a code that an operator issues to a user who lost every factor. */

import { newId } from '../../core/random.js'
import type { Instant, SubjectState } from '../../core/state.js'
import { digestOf, newCode, spelledCode } from './rules/codes.js'
import { partOf, type RecoveryPart } from './rules/part.js'

/** An issued code, and the part that accepts it. */
export interface IssuedTicket {
  readonly part: RecoveryPart
  /** The code in groups of four. The part has only its digest. */
  readonly code: string
}

/** Issues a code that passes once before it expires. It replaces an earlier one. */
export function issueTicket(row: SubjectState, expiresAt: Instant): IssuedTicket {
  const id = newId()
  const code = newCode()
  const digest = digestOf(code, { subject: row.subject, setId: id }).toString('base64url')
  const part: RecoveryPart = { ...partOf(row), ticket: { id, digest, expiresAt, epoch: row.epoch } }
  return { part, code: spelledCode(code) }
}
