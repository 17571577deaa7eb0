/** A vendor that makes, sends and judges codes itself, under this package's limits. */

import type { Sensitive } from '../../../core/sensitive.js'
import type { Channel } from '../rules/part.js'
import type { SendRejection } from './code-sender.js'

/** A code that the vendor is to make and send. */
export interface HostedStart {
  /** The recipient, in E.164. */
  readonly to: string
  readonly channel: Channel
  /** BCP 47 tag of the person's language, where it is known. */
  readonly locale: string | null
  /** The user's id, for the vendor's own rate limits; an adapter sends nothing but a hash of it. */
  readonly subject: string
  /** The address the request came from, where it is known. */
  readonly clientIp: string | null
  /**
   * Whether the phone is known to be the user's. Anybody may name any other phone, and a vendor that keeps one
   * verification for each phone has strangers share it: one that can keep two keeps these apart.
   *
   * @default true
   */
  readonly isVerified?: boolean | undefined
}

/** What became of a start: a closed sum, with no vendor's error object inside. */
export type HostedStartResult =
  /** `ref` is the vendor's id of the running verification. A resend answers the same one. */
  | { readonly status: 'started'; readonly ref: string }
  | { readonly status: 'maybe_sent'; readonly reason?: string | undefined }
  | {
      readonly status: 'rejected'
      readonly reason: SendRejection
      readonly retryAfterSeconds?: number | undefined
      /** How long the vendor blocks every phone that differs in the last four digits alone, where it has told so. */
      readonly blockedPrefixSeconds?: number | undefined
    }
  | { readonly status: 'operator_fault'; readonly reason: string }

/** A code that a person typed, for a verification that `start` began. */
export interface HostedCheck {
  readonly ref: string
  /** The number the verification was started for. */
  readonly to: string
  readonly code: Sensitive
}

/** What the vendor says of a code. */
export type HostedCheckResult =
  /** Approved, for exactly this `ref` and this number. */
  | { readonly status: 'approved' }
  | { readonly status: 'incorrect' }
  /** Expired, used, cancelled, or out of tries at the vendor: no code will pass any more. */
  | { readonly status: 'ended' }
  /** No answer to trust. `judged: 'no'` only where the vendor certainly judged nothing. */
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
  /** Digits of the codes that the vendor makes. */
  readonly codeLength: number
  start(request: HostedStart): Promise<HostedStartResult>
  check(request: HostedCheck): Promise<HostedCheckResult>
  /** Ends a verification at the vendor, as far as that works; never rejects for an expected failure. */
  cancel(ref: string): Promise<void>
}
