/** The value under a user's key: the whole row as JSON, with the version of its form. */

import { StoreUnavailableError } from '../../core/errors.js'
import { keepUntil } from '../../core/retention.js'
import type {
  Challenge,
  Channel,
  DeliveryReason,
  DeliveryStatus,
  Grant,
  Lock,
  Method,
  Purpose,
  Receipt,
  SendLedger,
  SubjectState,
} from '../../core/state.js'

const formatVersion = 1

/** Rows are kept so much longer than they limit anybody, for clocks that are wrong. */
const marginMilliseconds = 86_400_000

/**
 * How long a row is kept from now on, or `null` where it has to stay. It is counted from the row's own
 * `updatedAt`, so that it is right however far Redis's clock is from the application's.
 */
export function lifetimeMilliseconds(state: SubjectState): number | null {
  const until = keepUntil(state)
  return until === null ? null : Math.ceil(until - state.updatedAt) + marginMilliseconds
}

/** The value of a row. @throws StoreUnavailableError where it would not come back as it is. */
export function writeRow(subject: string, state: SubjectState): string {
  if (!isState(state) || state.subject !== subject) throw unusable('a row to write is malformed')
  return JSON.stringify({ v: formatVersion, ...state })
}

/**
 * The row of a value, or `null` where Redis has none.
 *
 * @throws StoreUnavailableError where there is a value that is not a whole row of this user: taken for
 * absent, it would be a forgotten lock.
 */
export function readRow(subject: string, reply: unknown): SubjectState | null {
  if (reply === null) return null
  const text = reply instanceof Uint8Array ? Buffer.from(reply).toString('utf8') : reply
  if (typeof text !== 'string') {
    throw unusable(
      'GET was answered with no text; sendCommand has to return what the client answers',
    )
  }
  const value = parsed(text)
  if (!isObject(value)) throw unusable('the value of a row is no JSON object')
  const { v, ...state } = withReceipt(value)
  if (v !== formatVersion) {
    throw unusable(`the value of a row has another format version than ${formatVersion}`)
  }
  if (!isState(state)) throw unusable('the value of a row is incomplete or has been changed')
  if (state.subject !== subject) throw unusable("the value of a row is another user's")
  return state
}

type Check<T> = (value: unknown) => value is T

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => Number.isFinite(value)
const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

const isPurpose = oneOf<Purpose>({ 'sign-in': true, 'phone-verification': true })
const isMethod = oneOf<Method>({ sms: true })

const isReceipt = shaped<Receipt>({
  ref: isText,
  status: oneOf<DeliveryStatus>({ accepted: true, sent: true, delivered: true, failed: true }),
  reason: orNull(
    oneOf<DeliveryReason>({
      unreachable: true,
      number_invalid: true,
      blocked: true,
      not_delivered: true,
    }),
  ),
})

const isChallenge = shaped<Challenge>({
  id: isText,
  keyId: orNull(isText),
  purpose: isPurpose,
  method: isMethod,
  channel: oneOf<Channel>({ sms: true, call: true, whatsapp: true }),
  destination: isText,
  hostedRef: orNull(isText),
  issuedAt: isNumber,
  expiresAt: isNumber,
  attempts: isCount,
  maxAttempts: isCount,
  sends: isCount,
  receipt: orNull(isReceipt),
})

const isLedger = shaped<SendLedger>({
  count: isCount,
  rung: isCount,
  lastAt: orNull(isNumber),
  nextAt: orNull(isNumber),
  resetAt: orNull(isNumber),
  windowStartedAt: orNull(isNumber),
  windowCount: isCount,
})

const isGrant = shaped<Grant>({
  id: isText,
  method: isMethod,
  purpose: isPurpose,
  issuedAt: isNumber,
  expiresAt: isNumber,
})

const isState = shaped<SubjectState>({
  subject: isText,
  version: isCount,
  challenge: orNull(isChallenge),
  sends: isLedger,
  failures: isCount,
  lock: isLock,
  epoch: isCount,
  grants: isGrants,
  updatedAt: isNumber,
})

function isLock(value: unknown): value is Lock {
  if (!isObject(value)) return false
  const { tier, until } = value
  return tier === 'disabled' ? until === null : isCount(tier) && orNull(isNumber)(until)
}

function isGrants(value: unknown): value is readonly Grant[] {
  return Array.isArray(value) && value.every(isGrant)
}

/** Challenges written before there were receipts have none. */
function withReceipt(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { challenge } = row
  if (!isObject(challenge) || 'receipt' in challenge) return row
  return { ...row, challenge: { ...challenge, receipt: null } }
}

/** Each field is looked at; fields that a later release adds are kept as they are. */
function shaped<T>(fields: { readonly [Key in keyof T]-?: Check<T[Key]> }): Check<T> {
  const checks = Object.entries<Check<unknown>>(fields)
  return (value): value is T =>
    isObject(value) && checks.every(([name, check]) => check(value[name]))
}

function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value)
}

function oneOf<T extends string>(names: Readonly<Record<T, true>>): Check<T> {
  return (value): value is T => typeof value === 'string' && Object.hasOwn(names, value)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The error would quote the value.
    return undefined
  }
}

function unusable(what: string): StoreUnavailableError {
  return new StoreUnavailableError(`redisStore: ${what}`)
}
