/** The phone's part of a user's row: the running challenge, and the counters of sent messages. */

import { damagedRow } from '../../../core/read-row.js'
import {
  arrayOf,
  boolean,
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
import { noSends, sendLedger, type SendLedger } from './sends.js'

export { noSends, type SendLedger } from './sends.js'

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
  /** The key of the session that asked for it; `null` where the caller had no session. */
  readonly sessionKey: string | null
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
  /** Whether nobody knows if the last of them went out. */
  readonly isInDoubt?: boolean | undefined
  /** `null` where the vendor's reports are not asked for, or name another message. */
  readonly receipt: Receipt | null
  /** Reports that came before the start had kept its message's id: one of them may be about that message. */
  readonly earlyReceipts?: readonly Receipt[] | undefined
}

/** A challenge whose code was right, and the phone that was kept here until then. */
export type ProvedChallenge = Challenge & { readonly replaces?: string | undefined }

/** A challenge that waits for a verification at the vendor. */
export interface VerificationHolder {
  readonly challengeId: string
  /** The vendor's id of the verification; `null` until the vendor has answered. */
  readonly ref: string | null
  /** The challenge counts up to this instant. */
  readonly until: Instant
}

/** The phone that was last proved to be the user's. */
export interface ProvedPhone {
  /** E.164. */
  readonly destination: string
  /** Up to this instant a request may not know of it yet. */
  readonly until: Instant
}

/** What the phone keeps of a user. */
export interface PhonePart extends FactorPart {
  readonly challenge: Challenge | null
  readonly sends: SendLedger
  /** In the row of a phone: the challenges of all rows that wait for the phone's verification at the vendor. */
  readonly holders?: readonly VerificationHolder[] | undefined
  /** In the row of a user: the phone that a right code has proved last. */
  readonly proved?: ProvedPhone | undefined
  /** The user's verified phone, where the application keeps none. */
  readonly kept?: KeptPhone | undefined
  /** Whether the person wants no codes to be sent. */
  readonly isOff?: boolean | undefined
  /** Messages about changes of other factors. */
  readonly notices?: NoticeLedger | undefined
}

/** Messages about changes in a window of a day that begins with the first. */
export interface NoticeLedger {
  readonly startedAt: Instant
  readonly count: number
}

/** A verified phone that is kept here. */
export interface KeptPhone {
  /** E.164. */
  readonly destination: string
  readonly verifiedAt: Instant
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
  sessionKey: orNull(string),
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
  isInDoubt: optional(boolean),
  receipt: orNull(receipt),
  earlyReceipts: optional(arrayOf(receipt)),
} satisfies FieldsOf<Challenge>)

const holder = object({
  challengeId: string,
  ref: orNull(string),
  until: number,
} satisfies FieldsOf<VerificationHolder>)

const proved = object({ destination: string, until: number } satisfies FieldsOf<ProvedPhone>)

const kept = object({ destination: string, verifiedAt: number } satisfies FieldsOf<KeptPhone>)

const shape = object({
  challenge: orNull(challenge),
  sends: sendLedger,
  holders: optional(arrayOf(holder)),
  proved: optional(proved),
  kept: optional(kept),
  isOff: optional(boolean),
  notices: optional(object({ startedAt: number, count } satisfies FieldsOf<NoticeLedger>)),
} satisfies FieldsOf<Omit<PhonePart, keyof FactorPart>>)

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

/** The challenge that the session with this key asked for (`null`: none), or whichever there is (`undefined`). */
export function challengeOf(
  row: SubjectState,
  sessionKey: string | null | undefined,
): Challenge | null {
  const { challenge } = partOf(row)
  if (sessionKey === undefined) return challenge
  return sessionKey !== null && challenge?.sessionKey === sessionKey ? challenge : null
}

/** The row with some fields of the part replaced. */
export function withPhone(
  row: SubjectState,
  fields: Partial<Pick<PhonePart, 'challenge' | 'sends'>>,
): SubjectState {
  return withPart(row, kind, { ...partOf(row), ...fields })
}
