/** The changes to the phone's part when a user passes, when an operator resets it, and when it ages. */

import type { ResetScope } from '../../../core/admin.js'
import type { Policy } from '../../../core/policy.js'
import {
  after,
  clockSkewSeconds,
  type FactorPart,
  type Instant,
  type SubjectState,
} from '../../../core/state.js'
import { noSends, partOf, readPart, type Challenge, type PhonePart } from './part.js'
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
      return { ...part, challenge: null, sends: noSends }
    case 'attempts':
      return { ...part, challenge: challenge === null ? null : { ...challenge, attempts: 0 } }
    case 'resends':
      return { ...part, sends: noSends }
    case 'challenge':
      return { ...part, challenge: challenge === null ? null : ended(challenge, now, policy) }
  }
}

/** The part with its challenge expired, grace included. The row keeps the challenge, like any expired one. */
export function expired(part: PhonePart, now: Instant, policy: Policy): PhonePart {
  const { challenge } = part
  if (challenge === null) return part
  const expiresAt = Math.min(challenge.expiresAt, after(now, -policy.graceSeconds))
  return { ...part, challenge: { ...challenge, expiresAt } }
}

/**
 * The challenge as ended by an operator. Its expiry lies far enough back to hold for every process, even if this
 * clock is ahead, and to differ from an ordinary expiry, so a vendor's late approval cannot revive the challenge.
 */
function ended(challenge: Challenge, now: Instant, { graceSeconds }: Policy): Challenge {
  const begun = Math.min(challenge.issuedAt, now)
  return { ...challenge, expiresAt: after(begun, -graceSeconds - 2 * clockSkewSeconds) }
}

/** Returns true if an operator has ended the challenge: nothing else sets its expiry so long before its issue. */
export function isEnded({ issuedAt, expiresAt }: Challenge, { graceSeconds }: Policy): boolean {
  return expiresAt < after(issuedAt, -graceSeconds - clockSkewSeconds)
}

/** The instant from which nothing in the part matters any more. */
export function phoneKeepUntil(stored: FactorPart): Instant {
  const { challenge, sends, holders = [], proved } = readPart(stored)
  return Math.max(
    ...holders.map(({ until }) => until),
    challenge === null ? 0 : after(challenge.expiresAt, daySeconds),
    proved?.until ?? 0,
    sends.nextAt ?? 0,
    sends.resetAt ?? 0,
    sends.windowStartedAt === null ? 0 : after(sends.windowStartedAt, daySeconds),
  )
}
