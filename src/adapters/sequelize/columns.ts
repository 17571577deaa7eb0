/** The columns of the table, and a user's state as their values. */

import { keepUntil } from '../../core/retention.js'
import type { Challenge, Instant, SubjectState } from '../../core/state.js'
import type { Dialect } from './dialect.js'

/** What can be bound to a statement. */
export type Bind = string | number | boolean | null

/** The columns beside `subject`, in the order in which `bindsOf` gives their values. */
export const columns = [
  'version',
  'challenge_id',
  'key_id',
  'purpose',
  'method',
  'channel',
  'destination',
  'hosted_ref',
  'issued_at',
  'expires_at',
  'attempts',
  'max_attempts',
  'challenge_sends',
  'message_ref',
  'delivery',
  'delivery_reason',
  'send_count',
  'send_rung',
  'last_send_at',
  'next_send_at',
  'send_reset_at',
  'send_window_started_at',
  'send_window_count',
  'failures',
  'lock_disabled',
  'lock_tier',
  'locked_until',
  'epoch',
  'grants',
  'keep_until',
  'updated_at',
] as const

/** A column of the table. */
export type Column = 'subject' | (typeof columns)[number]

/** The values of `columns` for a state. */
export function bindsOf(state: SubjectState, dialect: Dialect): Bind[] {
  const { challenge, sends, lock } = state
  const instant = (at: Instant | null) => (at === null ? null : dialect.writeInstant(at))
  return [
    state.version,
    ...challengeBinds(challenge, instant),
    sends.count,
    sends.rung,
    instant(sends.lastAt),
    instant(sends.nextAt),
    instant(sends.resetAt),
    instant(sends.windowStartedAt),
    sends.windowCount,
    state.failures,
    lock.tier === 'disabled',
    lock.tier === 'disabled' ? 0 : lock.tier,
    instant(lock.until),
    state.epoch,
    JSON.stringify(state.grants),
    instant(keepUntil(state)),
    instant(state.updatedAt),
  ]
}

function challengeBinds(
  challenge: Challenge | null,
  instant: (at: Instant | null) => string | null,
): Bind[] {
  if (challenge === null) return new Array<null>(15).fill(null)
  const { receipt } = challenge
  return [
    challenge.id,
    challenge.keyId,
    challenge.purpose,
    challenge.method,
    challenge.channel,
    challenge.destination,
    challenge.hostedRef,
    instant(challenge.issuedAt),
    instant(challenge.expiresAt),
    challenge.attempts,
    challenge.maxAttempts,
    challenge.sends,
    receipt?.ref ?? null,
    receipt?.status ?? null,
    receipt?.reason ?? null,
  ]
}
