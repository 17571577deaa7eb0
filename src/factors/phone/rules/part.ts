/** The phone's part of a user's row: the running challenge, and the counters of sent messages. */

import { damagedRow } from '../../../core/read-row.js'
import {
  arrayOf,
  count,
  eitherOf,
  number,
  object,
  oneOf,
  optional,
  orNull,
  string,
  type FieldsOf,
} from '../../../core/shape.js'
import {
  withPart,
  type FactorPart,
  type Instant,
  type Purpose,
  type SubjectState,
} from '../../../core/state.js'

/** The kind under which the row keeps this part. */
export const kind = 'phone'

/** The method that its grants name, whichever channel the code took. */
export const method = 'sms'

/** Every way that a code may travel to the person. */
export const channels = ['sms', 'call', 'whatsapp'] as const

/** How a code travels to the person. */
export type Channel = (typeof channels)[number]

/** How far a message has come, as its vendor reports it. `delivered` and `failed` are final. */
export type DeliveryStatus = 'accepted' | 'sent' | 'delivered' | 'failed'

/** Why a message did not arrive, as far as it helps the person it was meant for. */
export type DeliveryReason =
  /** The phone is switched off or without a signal. */
  | 'unreachable'
  /** Nobody has the phone number, or it takes no messages. */
  | 'number_invalid'
  /** Stopped by the recipient, the carrier or the vendor. */
  | 'blocked'
  /** Anything else. */
  | 'not_delivered'

/** The state of the last message that carried a challenge's code. */
export interface Receipt {
  /** The vendor's id of the message. */
  readonly ref: string
  readonly status: DeliveryStatus
  /** `null` unless the status is `failed`. */
  readonly reason: DeliveryReason | null
}

/** Who makes a challenge's code, and judges it. */
export type CodeOwner =
  /** We do; `keyId` names the secret that derives it. */
  | { readonly owner: 'local'; readonly keyId: string }
  /** The vendor does; `ref` is its id of the verification, `null` until it has told us. */
  | { readonly owner: 'hosted'; readonly ref: string | null }

/** One request to prove possession of a phone: an id, a deadline and a budget of guesses. */
export interface Challenge {
  /** 128 random bits; the code is derived from it, so it never leaves the server. */
  readonly id: string
  readonly purpose: Purpose
  readonly code: CodeOwner
  readonly channel: Channel
  /** The phone the code went to, in E.164. */
  readonly destination: string
  /** The row's epoch when it was issued: in another, the challenge is void. */
  readonly epoch: number
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  /** Codes judged so far. */
  readonly attempts: number
  /** Codes that may be judged, fixed when the challenge was made. */
  readonly maxAttempts: number
  /** Messages that carried this challenge's code. */
  readonly sends: number
  /** `null` where the vendor's reports are not asked for, or name another message. */
  readonly receipt: Receipt | null
  /** Reports that came before the start had kept its message's id: one of them may be about that message. */
  readonly earlyReceipts?: readonly Receipt[] | undefined
}

/** A challenge that waits for a verification at the vendor. */
export interface VerificationHolder {
  readonly challengeId: string
  /** The vendor's id of the verification; `null` until the vendor has answered. */
  readonly ref: string | null
  /** The challenge counts up to this instant. */
  readonly until: Instant
}

/** Counts messages, over all of the user's challenges and sessions. */
export interface SendLedger {
  /** Messages since the ladder last began. */
  readonly count: number
  /** The rung of the resend ladder that the next message will wait on. */
  readonly rung: number
  readonly lastAt: Instant | null
  /** No message before this instant. */
  readonly nextAt: Instant | null
  /** The ladder is back at its first rung from this instant on, if no message goes out before. */
  readonly resetAt: Instant | null
  readonly windowStartedAt: Instant | null
  /** Messages since `windowStartedAt`. */
  readonly windowCount: number
}

/** What the phone keeps of a user. */
export interface PhonePart extends FactorPart {
  readonly challenge: Challenge | null
  readonly sends: SendLedger
  /** In the row of a phone: the challenges of all rows that wait for the phone's verification at the vendor. */
  readonly holders?: readonly VerificationHolder[] | undefined
}

/** The ledger of a user who was never sent a message. */
export const noSends: SendLedger = {
  count: 0,
  rung: 0,
  lastAt: null,
  nextAt: null,
  resetAt: null,
  windowStartedAt: null,
  windowCount: 0,
}

/** The part of a user who was never sent a code. */
export const emptyPart: PhonePart = { challenge: null, sends: noSends }

const receipt = object({
  ref: string,
  status: oneOf('accepted', 'sent', 'delivered', 'failed'),
  reason: orNull(oneOf('unreachable', 'number_invalid', 'blocked', 'not_delivered')),
} satisfies FieldsOf<Receipt>)

const code = eitherOf(
  object({ owner: oneOf('local'), keyId: string } satisfies FieldsOf<
    Extract<CodeOwner, { owner: 'local' }>
  >),
  object({ owner: oneOf('hosted'), ref: orNull(string) } satisfies FieldsOf<
    Extract<CodeOwner, { owner: 'hosted' }>
  >),
)

const challenge = object({
  id: string,
  purpose: oneOf('sign-in', 'enrolment'),
  code,
  channel: oneOf(...channels),
  destination: string,
  epoch: count,
  issuedAt: number,
  expiresAt: number,
  attempts: count,
  maxAttempts: count,
  sends: count,
  receipt: orNull(receipt),
  earlyReceipts: optional(arrayOf(receipt)),
} satisfies FieldsOf<Challenge>)

const holder = object({
  challengeId: string,
  ref: orNull(string),
  until: number,
} satisfies FieldsOf<VerificationHolder>)

const sends = object({
  count,
  rung: count,
  lastAt: orNull(number),
  nextAt: orNull(number),
  resetAt: orNull(number),
  windowStartedAt: orNull(number),
  windowCount: count,
} satisfies FieldsOf<SendLedger>)

const shape = object({
  challenge: orNull(challenge),
  sends,
  holders: optional(arrayOf(holder)),
} satisfies FieldsOf<Pick<PhonePart, 'challenge' | 'sends' | 'holders'>>)

/**
 * A stored part. Fields that this release does not know stay in it.
 *
 * @throws StoreUnavailableError for one that no write of this package left so.
 */
export function readPart(part: FactorPart | undefined): PhonePart {
  if (part === undefined) return emptyPart
  const damaged = shape(part, `factors.${kind}`)
  if (damaged !== null) throw damagedRow(damaged)
  return part as PhonePart
}

/** The part as it counts now: a challenge of an earlier epoch is void, and reads as none. */
export function partOf(row: SubjectState): PhonePart {
  const part = readPart(row.factors[kind])
  const isVoid = part.challenge !== null && part.challenge.epoch !== row.epoch
  return isVoid ? { ...part, challenge: null } : part
}

/** The row with some fields of the part replaced. */
export function withPhone(
  row: SubjectState,
  fields: Partial<Pick<PhonePart, 'challenge' | 'sends'>>,
): SubjectState {
  return withPart(row, kind, { ...partOf(row), ...fields })
}
