/** The port for vendors' reports on messages that they accepted. */

import type { WebhookRequest } from '../../../ports/open-route.js'
import type { DeliveryReason, DeliveryStatus } from '../rules/part.js'

/** A vendor's request, before it is read. */
export type ReceiptRequest = WebhookRequest

/** A vendor's report on one message. */
export interface DeliveryReport {
  /** The vendor's id of the message: the `reference` that the sender returned. */
  readonly ref: string
  /** The recipient, in E.164. */
  readonly to: string
  readonly status: DeliveryStatus
  /** The reason, if it failed. Default `not_delivered`. */
  readonly reason?: DeliveryReason | undefined
  /** The vendor's own error code, for events only. */
  readonly vendorCode?: string | undefined
  /**
   * True if an operator has to act, because the account, the sender or the gateway is at fault and messages to other
   * phones fail too.
   *
   * @default false
   */
  readonly isOperatorFault?: boolean | undefined
}

/** The result of reading a request: forged, or the vendor's own with its reports, which may be none. */
export type ReceiptReading =
  | { readonly status: 'forged' }
  | { readonly status: 'genuine'; readonly reports: readonly DeliveryReport[] }

/** Rejects forged requests, and reads the vendor's own. */
export interface ReceiptSource {
  /** The last part of the path that the vendor calls: lower-case letters, digits and hyphens. */
  readonly name: string
  /**
   * Checks the signature before it reads anything else, in constant time, using only `request` and its own options.
   * The result must not contain the text of the message, which some vendors include.
   */
  read(request: ReceiptRequest): Promise<ReceiptReading>
}
