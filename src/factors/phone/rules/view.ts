/** The parts of a phone challenge that a client may see. */

import type { Policy } from '../../../core/policy.js'
import { retryFacts, type RefusalFacts } from '../../../core/refusal.js'
import type { Instant, SubjectState } from '../../../core/state.js'
import { secondsUntil, type ChallengeView } from '../../../core/view.js'
import { maskPhone } from '../mask.js'
import { isUnexpired } from './challenge.js'
import {
  challengeOf,
  method,
  partOf,
  type Channel,
  type DeliveryReason,
  type DeliveryStatus,
  type Receipt,
} from './part.js'
import { nextSendAt } from './send-ledger.js'

/** A running challenge, without its id, its code and the full phone. */
export interface PhoneChallengeView extends ChallengeView {
  readonly channel: Channel
  /** The masked phone, such as `••••67`. */
  readonly destination: string
  readonly codeLength: number
  readonly attemptsLeft: number
  /** The time from which the next message may be requested. */
  readonly resendAt: Date
  readonly resendInSeconds: number
  /** The last message's progress. Absent if the vendor's reports are not used. */
  readonly delivery?: DeliveryStatus | undefined
  /** The reason it did not arrive, if `delivery` is `failed`. */
  readonly deliveryReason?: DeliveryReason | undefined
}

/** The settings that a view needs. */
export interface ViewLimits {
  readonly policy: Policy
  readonly codeLength: number
}

/** The view of the row's challenge, expired or not; `null` if there is none. */
export function challengeView(
  row: SubjectState,
  now: Instant,
  { policy, codeLength }: ViewLimits,
): PhoneChallengeView | null {
  const { challenge, sends } = partOf(row)
  if (challenge === null) return null
  const resendAt = nextSendAt(sends, now, policy) ?? now
  return {
    status: 'pending',
    method,
    channel: challenge.channel,
    destination: maskPhone(challenge.destination),
    codeLength,
    attemptsLeft: challenge.maxAttempts - challenge.attempts,
    expiresAt: new Date(challenge.expiresAt),
    expiresInSeconds: secondsUntil(challenge.expiresAt, now),
    resendAt: new Date(resendAt),
    resendInSeconds: secondsUntil(resendAt, now),
    ...(challenge.receipt ? deliveryFacts(challenge.receipt) : {}),
  }
}

/** The view of this session's challenge, until it expires. A key of `undefined` means any session's. */
export function runningView(
  row: SubjectState,
  now: Instant,
  limits: ViewLimits,
  sessionKey: string | null | undefined,
): PhoneChallengeView | null {
  const challenge = challengeOf(row, sessionKey)
  const isRunning = challenge !== null && isUnexpired(challenge, now, limits.policy)
  return isRunning ? challengeView(row, now, limits) : null
}

/** The running challenge, for a refusal that goes to the session that requested it. */
export function challengeFacts(row: SubjectState, now: Instant, limits: ViewLimits): RefusalFacts {
  const challenge = runningView(row, now, limits, undefined)
  return challenge === null ? {} : { challenge }
}

/** The time of the next message, as a refusal carries it. */
export function resendFacts(row: SubjectState, now: Instant, policy: Policy): RefusalFacts {
  return retryFacts(nextSendAt(partOf(row).sends, now, policy), now)
}

function deliveryFacts({
  status,
  reason,
}: Receipt): Pick<PhoneChallengeView, 'delivery' | 'deliveryReason'> {
  return reason === null ? { delivery: status } : { delivery: status, deliveryReason: reason }
}
