/** What is known about one user's second factor: a single row, read and written whole. */

/** The kind of evidence a challenge asks for. */
export type Method = 'sms'

/** Every way that a code may travel to the person. */
export const channels = ['sms', 'call', 'whatsapp'] as const

/** How a code travels to the person. */
export type Channel = (typeof channels)[number]

/** What a right code is good for. A code never works for another purpose than its own. */
export type Purpose = 'sign-in' | 'phone-verification'

/** How far a message has come, as its vendor reports it. `delivered` and `failed` are final. */
export type DeliveryStatus = 'accepted' | 'sent' | 'delivered' | 'failed'

/** Why a message did not arrive, as far as it helps the person it was meant for. */
export type DeliveryReason =
  /** The phone is switched off or without a signal. */
  | 'unreachable'
  /** Nobody has the number, or it takes no messages. */
  | 'number_invalid'
  /** Stopped by the recipient, the carrier or the vendor. */
  | 'blocked'
  /** Anything else. */
  | 'not_delivered'

/** What is known of the last message that carried a challenge's code. */
export interface Receipt {
  /** The vendor's id of the message. */
  readonly ref: string
  readonly status: DeliveryStatus
  /** `null` unless the status is `failed`. */
  readonly reason: DeliveryReason | null
}

/** An instant, in milliseconds since the epoch. Names of instants end in `At`. */
export type Instant = number

/** One request to prove possession of a number: an id, a deadline and a budget of guesses. */
export interface Challenge {
  /** 128 random bits; the code is derived from it, so it never leaves the server. */
  readonly id: string
  /** Names the secret that derives the code; `null` where a provider owns the code. */
  readonly keyId: string | null
  readonly purpose: Purpose
  readonly method: Method
  readonly channel: Channel
  /** E.164 number the code went to. */
  readonly destination: string
  /** The provider's own id for a code it owns, else `null`. */
  readonly hostedRef: string | null
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

/** A wait after too many failures; `disabled` is the hard stop, ended only by a reset. */
export type Lock =
  | { readonly tier: number; readonly until: Instant | null }
  | { readonly tier: 'disabled'; readonly until: null }

/** Proof that a second factor was passed, held by one session through its random id. */
export interface Grant {
  readonly id: string
  readonly method: Method
  readonly purpose: Purpose
  readonly issuedAt: Instant
  readonly expiresAt: Instant
}

/** The one row of a user. Every field is replaced together, guarded by `version`. */
export interface SubjectState {
  /** The user's id as a string. */
  readonly subject: string
  /** Rises with each write, and begins at a random number so that none is reused after a delete. */
  readonly version: number
  readonly challenge: Challenge | null
  readonly sends: SendLedger
  /** Failures in a row, over all challenges and factors. */
  readonly failures: number
  readonly lock: Lock
  /** Rises with each change of a factor; the grants and the challenge of before are gone from the row. */
  readonly epoch: number
  /** Newest last, at most 20. */
  readonly grants: readonly Grant[]
  readonly updatedAt: Instant
}

/** What a pure rule decides: the state to write (the same object where nothing changes), and what to say. */
export interface Decision<Outcome> {
  readonly state: SubjectState
  readonly outcome: Outcome
}

/** A ledger of nobody's messages. */
export const noSends: SendLedger = {
  count: 0,
  rung: 0,
  lastAt: null,
  nextAt: null,
  resetAt: null,
  windowStartedAt: null,
  windowCount: 0,
}

/** No lock, and none behind. */
export const noLock: Lock = { tier: 0, until: null }

/** The state of a user of whom nothing is stored yet. */
export function newSubject(subject: string, version: number, now: Instant): SubjectState {
  return {
    subject,
    version,
    challenge: null,
    sends: noSends,
    failures: 0,
    lock: noLock,
    epoch: 0,
    grants: [],
    updatedAt: now,
  }
}

/** Clocks of two processes may differ by this much; what was made further ahead is not believed. */
export const clockSkewSeconds = 30

/** Adds seconds to an instant. */
export function after(instant: Instant, seconds: number): Instant {
  return instant + Math.round(seconds * 1000)
}
