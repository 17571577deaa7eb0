/** Sends one message that carries a code. */

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
  /** Whole seconds the code will still live; a message that arrives later is of no use. */
  readonly validForSeconds: number
  /** BCP 47 tag of the person's language, where it is known. */
  readonly locale: string | null
}

/** A message without a code. */
export interface Notice {
  /** The recipient, in E.164. */
  readonly to: string
  readonly text: string
  /** BCP 47 tag of the person's language, where it is known. */
  readonly locale: string | null
}

/** Why a message was certainly not sent. */
export type SendRejection =
  /** No such phone, or one that cannot receive this. */
  | 'destination_invalid'
  /** A country that is not allowed, an opt-out, or a fraud block. Never try another vendor for it. */
  | 'destination_blocked'
  /** The vendor's own budget for this phone is spent. */
  | 'send_limit'
  /** The vendor took nothing now and may later. */
  | 'unavailable'

/** What became of a message: a closed sum, with no vendor's error object inside. */
export type SendResult =
  | { readonly status: 'sent'; readonly reference?: string | undefined }
  /** Nobody knows whether it went out; it is never sent again by itself. */
  | { readonly status: 'maybe_sent'; readonly reason?: string | undefined }
  | {
      readonly status: 'rejected'
      readonly reason: SendRejection
      readonly retryAfterSeconds?: number | undefined
      /** How long the vendor blocks every phone that differs in the last four digits alone, where it has told so. */
      readonly blockedPrefixSeconds?: number | undefined
    }
  /** Our credentials, sender's number or account are wrong: an operator has to act. `reason` is for events only. */
  | { readonly status: 'operator_fault'; readonly reason: string }

/** How a vendor stands. */
export interface VendorCheck {
  readonly ok: boolean
  /** What is so, in words of the adapter's own, without credentials. */
  readonly text: string
}

/** Delivers messages over one channel. Adapters keep the vendor's error objects to themselves. */
export interface CodeSender {
  readonly channel: Channel
  /** Sends within its own deadline and answers; it does not throw for an expected failure. */
  send(message: CodeMessage): Promise<SendResult>
  /** Sends a message without a code, such as that the phone was replaced. Without it, none is sent. */
  notify?: ((notice: Notice) => Promise<SendResult>) | undefined
  /** Asks the vendor whether messages could go out, without sending any; for operators. It does not throw. */
  check?: (() => Promise<VendorCheck>) | undefined
}
