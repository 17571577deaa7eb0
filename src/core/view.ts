/** What a client may see of a challenge and a grant. Dates become ISO strings in JSON. */

import type { Policy } from './policy.js'
import { maskPhone } from './mask.js'
import { nextSendAt } from './sending.js'
import type {
  Channel,
  DeliveryReason,
  DeliveryStatus,
  Grant,
  Instant,
  Method,
  Receipt,
  SubjectState,
} from './state.js'

/** A running challenge, without its id, its code and the full number. */
export interface ChallengeView {
  readonly status: 'pending'
  readonly method: Method
  readonly channel: Channel
  /** The masked number, such as `••••67`. */
  readonly destination: string
  readonly codeLength: number
  readonly attemptsLeft: number
  readonly expiresAt: Date
  readonly expiresInSeconds: number
  /** When the next message may be asked for. */
  readonly resendAt: Date
  readonly resendInSeconds: number
  /** How far the last message has come. Absent where the vendor's reports are not asked for. */
  readonly delivery?: DeliveryStatus | undefined
  /** Why it did not arrive, where `delivery` is `failed`. */
  readonly deliveryReason?: DeliveryReason | undefined
}

/** A passed second factor. */
export interface PassedView {
  readonly method: Method
  /** Authentication methods as RFC 8176 names them. */
  readonly amr: readonly string[]
  readonly passedAt: Date
  readonly expiresAt: Date
}

/** The view of the row's challenge, or `null` where none runs. */
export function challengeView(
  state: SubjectState,
  now: Instant,
  policy: Policy,
): ChallengeView | null {
  const { challenge } = state
  if (challenge === null) return null
  const resendAt = nextSendAt(state.sends, now, policy) ?? now
  return {
    status: 'pending',
    method: challenge.method,
    channel: challenge.channel,
    destination: maskPhone(challenge.destination),
    codeLength: policy.digits,
    attemptsLeft: challenge.maxAttempts - challenge.attempts,
    expiresAt: new Date(challenge.expiresAt),
    expiresInSeconds: secondsUntil(challenge.expiresAt, now),
    resendAt: new Date(resendAt),
    resendInSeconds: secondsUntil(resendAt, now),
    ...(challenge.receipt ? deliveryFacts(challenge.receipt) : {}),
  }
}

function deliveryFacts({
  status,
  reason,
}: Receipt): Pick<ChallengeView, 'delivery' | 'deliveryReason'> {
  return reason === null ? { delivery: status } : { delivery: status, deliveryReason: reason }
}

/** The view of a grant. */
export function passedView(grant: Grant): PassedView {
  return {
    method: grant.method,
    amr: ['pwd', 'otp', grant.method, 'mfa'],
    passedAt: new Date(grant.issuedAt),
    expiresAt: new Date(grant.expiresAt),
  }
}

/** Whole seconds until an instant, 0 from then on. */
export function secondsUntil(instant: Instant, now: Instant): number {
  return Math.max(0, Math.ceil((instant - now) / 1000))
}
