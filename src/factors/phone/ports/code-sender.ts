/** The port for vendors that send our messages. */

import type { Sensitive } from '../../../core/sensitive.js'
import type { Channel } from '../rules/part.js'

/** One message. `code` and `text` print as `[redacted]`; only the sender reveals them. */
export interface CodeMessage {
  /** The recipient, in E.164. */
  readonly to: string
  readonly code: Sensitive
  /** The whole text, code included. */
  readonly text: Sensitive
  readonly expiresAt: Date
  /** Whole seconds until the code expires; a message that arrives later is useless. */
  readonly validForSeconds: number
  /** BCP 47 tag of the person's language, if known. */
  readonly locale: string | null
}

/** A message without a code. */
export interface Notice {
  /** The recipient, in E.164. */
  readonly to: string
  readonly text: string
  /** BCP 47 tag of the person's language, if known. */
  readonly locale: string | null
}

/** The reason that a message was certainly not sent. */
export type SendRejection =
  /** The phone does not exist, or cannot receive this message. */
  | 'destination_invalid'
  /** A country that is not allowed, an opt-out, or a fraud block. Never retry with another vendor. */
  | 'destination_blocked'
  /** The vendor's own budget for this phone is spent. */
  | 'send_limit'
  /** The vendor accepts no message now, but may later. */
  | 'unavailable'

/** The result of a send: a closed union, without the vendor's error object. */
export type SendResult =
  | { readonly status: 'sent'; readonly reference?: string | undefined }
  /** The message may or may not have gone out; it is never retried automatically. */
  | { readonly status: 'maybe_sent'; readonly reason?: string | undefined }
  | {
      readonly status: 'rejected'
      readonly reason: SendRejection
      readonly retryAfterSeconds?: number | undefined
      /** The time that the vendor blocks all phones that differ only in the last four digits, if it gives one. */
      readonly blockedPrefixSeconds?: number | undefined
    }
  /**
   * The credentials, the sender's number or the account are wrong, and an operator has to act. `reason` is for events
   * only.
   */
  | { readonly status: 'operator_fault'; readonly reason: string }

/** The result of checking a vendor. */
export interface VendorCheck {
  readonly ok: boolean
  /** The adapter's description of what it found, without credentials. */
  readonly text: string
}

/** Delivers messages over one channel. Adapters keep the vendor's error objects to themselves. */
export interface CodeSender {
  readonly channel: Channel
  /** Sends within its own timeout and returns a result; it does not throw for an expected failure. */
  send(message: CodeMessage): Promise<SendResult>
  /** Sends a message without a code, such as that the phone was replaced. Without this method, none is sent. */
  notify?: ((notice: Notice) => Promise<SendResult>) | undefined
  /** For operators: asks the vendor if messages could be sent, without sending any. It does not throw. */
  check?: (() => Promise<VendorCheck>) | undefined
}
