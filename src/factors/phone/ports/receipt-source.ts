/** Reads what a vendor reports of messages that it took. */

import type { WebhookRequest } from '../../../ports/open-route.js'
import type { DeliveryReason, DeliveryStatus } from '../rules/part.js'

/** A vendor's request, as it came. */
export type ReceiptRequest = WebhookRequest

/** What a vendor says of one message. */
export interface DeliveryReport {
  /** The vendor's id of the message: what the sender answered as `reference`. */
  readonly ref: string
  /** The recipient, in E.164. */
  readonly to: string
  readonly status: DeliveryStatus
  /** Why it failed, where it did. Default `not_delivered`. */
  readonly reason?: DeliveryReason | undefined
  /** The vendor's own code of the failure; it goes to events only. */
  readonly vendorCode?: string | undefined
  /**
   * Whether an operator has to act: the account, the sender or the gateway is at fault, so that messages to other
   * phones fail too.
   *
   * @default false
   */
  readonly isOperatorFault?: boolean | undefined
}

/** What a request is: a stranger's, or the vendor's with its reports, none of which may be of interest. */
export type ReceiptReading =
  | { readonly status: 'forged' }
  | { readonly status: 'genuine'; readonly reports: readonly DeliveryReport[] }

/** Tells a vendor's requests from forged ones, and reads them. */
export interface ReceiptSource {
  /** The last part of the path that the vendor calls: lower-case letters, digits and hyphens. */
  readonly name: string
  /**
   * Checks the signature, in constant time and over nothing but `request` and its own options, before
   * anything else is read. What it answers holds no text of the message: some vendors send it along.
   */
  read(request: ReceiptRequest): Promise<ReceiptReading>
}
