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

/** The method named in the phone's grants, whichever channel carried the code. */
export const method = 'sms'

/** Every channel that can carry a code. */
export const channels = ['sms', 'call', 'whatsapp'] as const

/** The channel that carries a code to the person. */
export type Channel = (typeof channels)[number]

/** A message's progress, as its vendor reports it. `delivered` and `failed` are final. */
export type DeliveryStatus = 'accepted' | 'sent' | 'delivered' | 'failed'

/** The reason that a message did not arrive, as far as it helps its recipient. */
export type DeliveryReason =
  /** The phone is switched off or without a signal. */
  | 'unreachable'
  /** The phone number is not in use, or cannot receive messages. */
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

/** The maker and judge of a challenge's code. */
export type CodeOwner =
  /** This package; `keyId` names the secret that derives the code. */
  | { readonly owner: 'local'; readonly keyId: string }
  /** The vendor; `ref` is its id of the verification, `null` until it has returned one. */
  | { readonly owner: 'hosted'; readonly ref: string | null }

/** One request to prove possession of a phone: an id, a deadline and a budget of guesses. */
export interface Challenge {
  /** 128 random bits; the code is derived from it, so it never leaves the server. */
  readonly id: string
  /** The key of the session that asked for it; `null` if the caller had no session. */
  readonly sessionKey: string | null
  readonly purpose: Purpose
  readonly code: CodeOwner
  readonly channel: Channel
  /** The phone the code went to, in E.164. */
  readonly destination: string
  /** The row's epoch when it was issued; in any other epoch the challenge is void. */
  readonly epoch: number
  readonly issuedAt: Instant
  readonly expiresAt: Instant
  /** The number of codes judged so far. */
  readonly attempts: number
  /** The number of codes that may be judged, fixed when the challenge is made. */
  readonly maxAttempts: number
  /** The number of messages that carried this challenge's code. */
  readonly sends: number
  /** True if it is not known that the last message went out. */
  readonly isInDoubt?: boolean | undefined
  /** `null` if the vendor's reports are not used, or name another message. */
  readonly receipt: Receipt | null
  /** Reports that arrived before the start had stored its message's id; one of them may be about that message. */
  readonly earlyReceipts?: readonly Receipt[] | undefined
}

/** A challenge whose code was right, and the phone that was kept here until then. */
export type ProvedChallenge = Challenge & { readonly replaces?: string | undefined }

/** A challenge that waits for a verification at the vendor. */
export interface VerificationHolder {
  readonly challengeId: string
  /** The vendor's id of the verification; `null` until the vendor has answered. */
  readonly ref: string | null
  /** The challenge counts as a holder until this instant. */
  readonly until: Instant
}

/** The phone that was last proved to be the user's. */
export interface ProvedPhone {
  /** E.164. */
  readonly destination: string
  /** Until this instant, a running request may not know of it yet. */
  readonly until: Instant
}

/** The phone factor's data about a user. */
export interface PhonePart extends FactorPart {
  readonly challenge: Challenge | null
  readonly sends: SendLedger
  /** In the row of a phone: the challenges of all rows that wait for the phone's verification at the vendor. */
  readonly holders?: readonly VerificationHolder[] | undefined
  /** In the row of a user: the phone that was last proved by a right code. */
  readonly proved?: ProvedPhone | undefined
  /** The user's verified phone, if the application keeps none. */
  readonly kept?: KeptPhone | undefined
  /** True if the person has turned codes off. */
  readonly isOff?: boolean | undefined
  /** The count of messages about changes to factors. */
  readonly notices?: NoticeLedger | undefined
}

/** Counts messages about changes within a day, which begins with the first. */
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
 * Returns a stored part, checked. Fields that this release does not know stay in it.
 *
 * @throws StoreUnavailableError if the part is not one that this package has written.
 */
export function readPart(part: FactorPart | undefined): PhonePart {
  if (part === undefined) return emptyPart
  const damaged = shape(part, `factors.${kind}`)
  if (damaged !== null) throw damagedRow(damaged)
  return part as PhonePart
}

/** The part without a void challenge, which is one from an earlier epoch. */
export function partOf(row: SubjectState): PhonePart {
  const part = readPart(row.factors[kind])
  const isVoid = part.challenge !== null && part.challenge.epoch !== row.epoch
  return isVoid ? { ...part, challenge: null } : part
}

/** The challenge that the session with this key asked for. A key of `null` finds none, and `undefined` finds any. */
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
