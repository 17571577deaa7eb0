/** What happens to the phone's part when a user has passed, when an operator resets it, and when it ages. */

import type { ResetScope } from '../../../core/admin.js'
import type { Policy } from '../../../core/policy.js'
import { after, type FactorPart, type Instant, type SubjectState } from '../../../core/state.js'
import { emptyPart, noSends, partOf, readPart, type PhonePart } from './part.js'
import { daySeconds, restartLadder } from './send-ledger.js'

/** The part after the user has passed: the challenge is used up, and the ladder starts again. */
export function afterSuccess(stored: FactorPart): PhonePart {
  const part = readPart(stored)
  return { ...part, challenge: null, sends: restartLadder(part.sends) }
}

/** The part after an operator's reset. */
export function afterReset(
  row: SubjectState,
  scope: ResetScope,
  now: Instant,
  policy: Policy,
): PhonePart {
  const part = partOf(row)
  const { challenge } = part
  switch (scope) {
    case 'all':
      return emptyPart
    case 'attempts':
      return { ...part, challenge: challenge === null ? null : { ...challenge, attempts: 0 } }
    case 'resends':
      return { ...part, sends: noSends }
    case 'challenge':
      return expired(part, now, policy)
  }
}

/** The part with the life of its challenge over, grace included. The row keeps it, as it keeps any expired one. */
export function expired(part: PhonePart, now: Instant, policy: Policy): PhonePart {
  const { challenge } = part
  if (challenge === null) return part
  const expiresAt = Math.min(challenge.expiresAt, after(now, -policy.graceSeconds))
  return { ...part, challenge: { ...challenge, expiresAt } }
}

/** The instant from which the part says nothing any more. */
export function phoneKeepUntil(stored: FactorPart): Instant {
  const { challenge, sends } = readPart(stored)
  return Math.max(
    challenge === null ? 0 : after(challenge.expiresAt, daySeconds),
    sends.nextAt ?? 0,
    sends.resetAt ?? 0,
    sends.windowStartedAt === null ? 0 : after(sends.windowStartedAt, daySeconds),
  )
}
