/** The code that an operator makes for somebody who has lost every factor. */

import { newId } from '../../core/random.js'
import type { Instant, SubjectState } from '../../core/state.js'
import { digestOf, newCode, spelledCode } from './rules/codes.js'
import { partOf, type RecoveryPart } from './rules/part.js'

/** A code that was made, and the part that it passes by. */
export interface IssuedTicket {
  readonly part: RecoveryPart
  /** In groups of four. It is nowhere but here: the part holds a digest. */
  readonly code: string
}

/** Makes a code that passes once, up to an instant. An earlier one ends. */
export function issueTicket(row: SubjectState, expiresAt: Instant): IssuedTicket {
  const id = newId()
  const code = newCode()
  const digest = digestOf(code, { subject: row.subject, setId: id }).toString('base64url')
  const part: RecoveryPart = { ...partOf(row), ticket: { id, digest, expiresAt, epoch: row.epoch } }
  return { part, code: spelledCode(code) }
}
