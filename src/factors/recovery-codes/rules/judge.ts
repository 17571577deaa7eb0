/** Judges a recovery code. Each is accepted once. */

import { failuresUntilLock } from '../../../core/ledger.js'
import type { Policy } from '../../../core/policy.js'
import { refusal } from '../../../core/refusal.js'
import type { Instant, SubjectState } from '../../../core/state.js'
import type { Attempt, Verdict } from '../../../ports/attempt.js'
import { placeOf } from './codes.js'
import { leftIn, partOf, type CodeSet, type RecoveryPart, type Ticket } from './part.js'

/** The proof of a right code. */
export interface RecoveryProof {
  /** True if an operator issued it. */
  readonly isTicket: boolean
  /** Number of codes left after it. */
  readonly left: number
}

/** Judges a code. A used code is refused but not counted as a failure. */
export function judgeCode(
  policy: Policy,
  row: SubjectState,
  now: Instant,
  { evidence }: Pick<Attempt, 'evidence'>,
): Verdict {
  const code = evidence as string
  const part = partOf(row)
  const { set, ticket } = part
  if (ticket !== null && isTicketOf(row.subject, ticket, code)) {
    if (now >= ticket.expiresAt) return refusal('code_expired')
    return right({ ...part, ticket: null }, true)
  }
  const isOver = ticket === null || now >= ticket.expiresAt
  if (set === null && isOver) return refusal('factor_not_enrolled')
  const place = set === null ? -1 : placeIn(row.subject, set, code)
  if (set === null || place < 0) {
    const attemptsLeft = failuresUntilLock(row, policy) - 1
    return {
      status: 'wrong',
      part,
      refusal: refusal('code_incorrect', { attemptsLeft }),
    }
  }
  const bit = 1 << place
  if ((set.used & bit) !== 0) return refusal('code_used')
  return right({ ...part, set: { ...set, used: set.used | bit, usedAt: now } }, false)
}

function right(part: RecoveryPart, isTicket: boolean): Verdict {
  const proof: RecoveryProof = { isTicket, left: leftIn(part) }
  return { status: 'right', part, proof }
}

function placeIn(subject: string, { id, digests }: CodeSet, code: string): number {
  return placeOf(code, { subject, setId: id }, Buffer.from(digests, 'base64url'))
}

function isTicketOf(subject: string, { id, digest }: Ticket, code: string): boolean {
  return placeOf(code, { subject, setId: id }, Buffer.from(digest, 'base64url')) === 0
}
