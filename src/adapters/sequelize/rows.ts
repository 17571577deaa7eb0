/** Reads a row back into a user's state. A row that no write left so is refused, never believed. */

import { StoreUnavailableError } from '../../core/errors.js'
import {
  noLock,
  type Challenge,
  type Grant,
  type Instant,
  type Lock,
  type Receipt,
  type SubjectState,
} from '../../core/state.js'
import type { Column } from './columns.js'
import { readInstant } from './dialect.js'

/** A row as the database answers it, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/**
 * The state in a row that was asked for by `subject`.
 *
 * @throws StoreUnavailableError for a row whose values no write of this package left there: an absent
 * or negative count must never read as guesses without end.
 */
export function stateOf(row: Row, subject: string): SubjectState {
  // A database that compares more loosely than the ids differ must not hand out another user's row.
  if (row['subject'] !== subject) throw damaged('subject')
  return {
    subject,
    version: count(row, 'version'),
    challenge: challengeOf(row),
    sends: {
      count: count(row, 'send_count'),
      rung: count(row, 'send_rung'),
      lastAt: optional(instant, row, 'last_send_at'),
      nextAt: optional(instant, row, 'next_send_at'),
      resetAt: optional(instant, row, 'send_reset_at'),
      windowStartedAt: optional(instant, row, 'send_window_started_at'),
      windowCount: count(row, 'send_window_count'),
    },
    failures: count(row, 'failures'),
    lock: lockOf(row),
    epoch: count(row, 'epoch'),
    grants: grantsOf(row),
    updatedAt: instant(row, 'updated_at'),
  }
}

function challengeOf(row: Row): Challenge | null {
  const id = optional(text, row, 'challenge_id')
  if (id === null) return null
  const maxAttempts = count(row, 'max_attempts')
  if (maxAttempts < 1) throw damaged('max_attempts')
  return {
    id,
    keyId: optional(text, row, 'key_id'),
    purpose: text(row, 'purpose') as Challenge['purpose'],
    method: text(row, 'method') as Challenge['method'],
    channel: text(row, 'channel') as Challenge['channel'],
    destination: text(row, 'destination'),
    hostedRef: optional(text, row, 'hosted_ref'),
    issuedAt: instant(row, 'issued_at'),
    expiresAt: instant(row, 'expires_at'),
    attempts: count(row, 'attempts'),
    maxAttempts,
    sends: count(row, 'challenge_sends'),
    receipt: receiptOf(row),
  }
}

function receiptOf(row: Row): Receipt | null {
  const ref = optional(text, row, 'message_ref')
  if (ref === null) return null
  return {
    ref,
    status: text(row, 'delivery') as Receipt['status'],
    reason: optional(text, row, 'delivery_reason') as Receipt['reason'],
  }
}

function lockOf(row: Row): Lock {
  const disabled = Number(row['lock_disabled'] ?? NaN)
  if (disabled === 1) return { tier: 'disabled', until: null }
  if (disabled !== 0) throw damaged('lock_disabled')
  const tier = count(row, 'lock_tier')
  const until = optional(instant, row, 'locked_until')
  return tier === 0 && until === null ? noLock : { tier, until }
}

function grantsOf(row: Row): Grant[] {
  const json = text(row, 'grants')
  if (json === '[]') return []
  let grants: unknown
  try {
    grants = JSON.parse(json)
  } catch {
    throw damaged('grants')
  }
  if (!Array.isArray(grants) || !grants.every(isGrant)) throw damaged('grants')
  return grants
}

function isGrant(value: unknown): value is Grant {
  if (typeof value !== 'object' || value === null) return false
  const { id, method, purpose, issuedAt, expiresAt } = value as Partial<
    Record<keyof Grant, unknown>
  >
  return (
    [id, method, purpose].every((part) => typeof part === 'string') &&
    [issuedAt, expiresAt].every(Number.isSafeInteger)
  )
}

type Reader<T> = (row: Row, column: Column) => T

function optional<T>(read: Reader<T>, row: Row, column: Column): T | null {
  return row[column] === null ? null : read(row, column)
}

function text(row: Row, column: Column): string {
  const value = row[column]
  if (typeof value !== 'string') throw damaged(column)
  return value
}

/** A whole number of at least 0. */
function count(row: Row, column: Column): number {
  const value = row[column]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw damaged(column)
  }
  return value
}

function instant(row: Row, column: Column): Instant {
  const at = readInstant(row[column])
  if (Number.isNaN(at)) throw damaged(column)
  return at
}

function damaged(column: Column): StoreUnavailableError {
  return new StoreUnavailableError(
    `the column ${column} of a second-factor row holds what this package never writes; ` +
      'repair the row, or delete it, which also ends its locks',
  )
}
