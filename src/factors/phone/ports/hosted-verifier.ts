/** The port for vendors that make, send and judge codes themselves, under this package's limits. */

import type { Sensitive } from '../../../core/sensitive.js'
import type { Channel } from '../rules/part.js'
import type { SendRejection } from './code-sender.js'

/** A request to the vendor to make and send a code. */
export interface HostedStart {
  /** The recipient, in E.164. */
  readonly to: string
  readonly channel: Channel
  /** BCP 47 tag of the person's language, if known. */
  readonly locale: string | null
  /** The user's id, for the vendor's own rate limits; an adapter sends only a hash of it. */
  readonly subject: string
  /** The client's address, if known. */
  readonly clientIp: string | null
  /**
   * True if the phone is known to be the user's. Anybody may enter a phone that is not, and a vendor with one
   * verification for each phone makes strangers share it. A vendor that can keep two should keep the two cases apart.
   *
   * @default true
   */
  readonly isVerified?: boolean | undefined
}

/** The result of a start: a closed union, without the vendor's error object. */
export type HostedStartResult =
  /** `ref` is the vendor's id of the running verification. A resend returns the same one. */
  | { readonly status: 'started'; readonly ref: string }
  | { readonly status: 'maybe_sent'; readonly reason?: string | undefined }
  | {
      readonly status: 'rejected'
      readonly reason: SendRejection
      readonly retryAfterSeconds?: number | undefined
      /** The time that the vendor blocks all phones that differ only in the last four digits, if it gives one. */
      readonly blockedPrefixSeconds?: number | undefined
    }
  | { readonly status: 'operator_fault'; readonly reason: string }

/** A code that a person typed, for a verification that `start` began. */
export interface HostedCheck {
  readonly ref: string
  /** The phone that the verification was started for. */
  readonly to: string
  readonly code: Sensitive
}

/** The vendor's verdict on a code. */
export type HostedCheckResult =
  /** Approved, for exactly this `ref` and this phone. */
  | { readonly status: 'approved' }
  | { readonly status: 'incorrect' }
  /** Expired, used, cancelled, or out of attempts at the vendor: no code will pass any more. */
  | { readonly status: 'ended' }
  /** No trustworthy answer. Use `judged: 'no'` only if the vendor certainly judged nothing. */
  | {
      readonly status: 'unavailable'
      readonly judged: 'no' | 'maybe'
      readonly retryAfterSeconds?: number | undefined
    }
  | { readonly status: 'operator_fault'; readonly reason: string }

/** A vendor that owns its codes. Adapters keep the vendor's error objects to themselves. */
export interface HostedVerifier {
  /** The channels this verifier may use, the default first. */
  readonly channels: readonly Channel[]
  /** The number of digits in the vendor's codes. */
  readonly codeLength: number
  start(request: HostedStart): Promise<HostedStartResult>
  check(request: HostedCheck): Promise<HostedCheckResult>
  /** Ends a verification at the vendor if it can; does not reject for an expected failure. */
  cancel(ref: string): Promise<void>
}
