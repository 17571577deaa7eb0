/** Reads TextBee's webhooks, which are signed over the body's bytes. */

import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'

import { ConfigurationError } from '../../core/errors.js'
import type { DeliveryStatus } from '../../core/state.js'
import type { DeliveryReport, ReceiptRequest, ReceiptSource } from '../../ports/receipt-source.js'

/** How `textbeeReceipts` is set up. */
export interface TextbeeReceiptsOptions {
  /** The webhook's signing secret, from TextBee's dashboard: at least 20 characters. */
  readonly secret: string
}

/**
 * What each event tells. `UNKNOWN_STATE` tells nothing: many carriers confirm no delivery, and the message
 * may well be there. `MESSAGE_RECEIVED` is somebody else's.
 */
const statuses: ReadonlyMap<unknown, DeliveryStatus> = new Map<unknown, DeliveryStatus>([
  ['MESSAGE_SENT', 'sent'],
  ['MESSAGE_DELIVERED', 'delivered'],
  ['MESSAGE_FAILED', 'failed'],
])

/**
 * Makes a source named `textbee`: the webhook's URL is the path of `receiptsRouter()`, then `/textbee`. Subscribe
 * it to `MESSAGE_SENT`, `MESSAGE_DELIVERED` and `MESSAGE_FAILED`. TextBee sends the whole text along, code
 * included; nothing of it is kept.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 */
export function textbeeReceipts(options: TextbeeReceiptsOptions): ReceiptSource {
  const key = keyOf(options)
  return {
    name: 'textbee',
    read(request) {
      return Promise.resolve(
        isSigned(key, request)
          ? { status: 'genuine', reports: reportsOf(request.body) }
          : { status: 'forged' },
      )
    },
  }
}

function isSigned(key: KeyObject, { headers, body }: ReceiptRequest): boolean {
  const signature = headers['x-signature']
  // Of the right form, it decodes to the 32 bytes without which the comparison would throw.
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false
  const expected = createHmac('sha256', key).update(body).digest()
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected)
}

function reportsOf(body: Uint8Array): readonly DeliveryReport[] {
  const { webhookEvent, smsBatchId, recipient, errorCode } = parsed(body)
  const status = statuses.get(webhookEvent)
  if (status === undefined || typeof smsBatchId !== 'string' || typeof recipient !== 'string') {
    return []
  }
  const report = { ref: smsBatchId, to: recipient, status }
  // Android's codes speak of the phone that sends, not of the one that was to receive.
  const isCode = status === 'failed' && typeof errorCode === 'string' && /^\d{1,6}$/.test(errorCode)
  return [isCode ? { ...report, vendorCode: errorCode } : report]
}

function parsed(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // The error would quote the message.
    return {}
  }
}

/** @throws ConfigurationError for an option that cannot be used; no value is repeated in it. */
function keyOf(options: TextbeeReceiptsOptions): KeyObject {
  const unknown = Object.keys(options).find((name) => name !== 'secret')
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `textbeeReceipts: ${unknown} is not an option; the option is secret`,
    )
  }
  const { secret } = options
  if (typeof secret !== 'string' || secret.length < 20) {
    throw new ConfigurationError(
      "textbeeReceipts: secret must be the webhook's signing secret, of 20 characters or more",
    )
  }
  return createSecretKey(secret, 'utf8')
}
