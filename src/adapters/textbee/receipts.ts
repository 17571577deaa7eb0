/** Reads TextBee's webhooks, whose signature covers the bytes of the body. */

import { createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'

import { assertKnownOptions } from '../../core/known-options.js'
import type {
  DeliveryReport,
  ReceiptRequest,
  ReceiptSource,
} from '../../factors/phone/ports/receipt-source.js'
import type { DeliveryStatus } from '../../factors/phone/rules/part.js'
import { fields } from '../http/fields.js'
import { misconfigured } from '../http/misconfigured.js'

/** Options of `textbeeReceipts`. */
export interface TextbeeReceiptsOptions {
  /** The webhook's signing secret, from TextBee's dashboard: at least 20 characters. */
  readonly secret: string
}

const factory = 'textbeeReceipts'

/**
 * The events that report a status. `UNKNOWN_STATE` is left out, because many carriers never confirm a
 * delivery; `MESSAGE_RECEIVED` is about messages that the device received.
 */
const statuses: ReadonlyMap<unknown, DeliveryStatus> = new Map<unknown, DeliveryStatus>([
  ['MESSAGE_SENT', 'sent'],
  ['MESSAGE_DELIVERED', 'delivered'],
  ['MESSAGE_FAILED', 'failed'],
])

/**
 * TextBee's own failure codes are words, such as `FCM_TOKEN_NOT_REGISTERED`: the push does not reach the sending device,
 * or its app lacks permission to send. `FCM_DELIVERY_FAILED_` is followed by Firebase's code.
 */
const ownCode = /^[A-Z]+(?:_[A-Z]+)+(?:_[\w/.-]{1,64})?$/

/** Android's codes are numbers. */
const androidCode = /^\d{1,6}$/

/** The Android codes of a device that can send to nobody: radio off, no service, limit, fixed dialling, no radio. */
const deviceCodes: readonly string[] = ['2', '4', '5', '6', '9']

/**
 * Makes a source named `textbee`. Set the webhook's URL to the path of `receiptsRouter()`, then
 * `/textbee`, and subscribe it to `MESSAGE_SENT`, `MESSAGE_DELIVERED` and `MESSAGE_FAILED`. TextBee's
 * webhooks contain the whole message, code included; none of it is kept.
 *
 * @example
 * ```ts
 * import { textbeeReceipts } from 'passport-second-factor/textbee'
 *
 * const receipts = [textbeeReceipts({ secret: env.TEXTBEE_WEBHOOK_SECRET })]
 * ```
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
  // Exactly 32 bytes, because `timingSafeEqual` throws if the lengths differ.
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return false
  const expected = createHmac('sha256', key).update(body).digest()
  return timingSafeEqual(Buffer.from(signature, 'hex'), expected)
}

function reportsOf(body: Uint8Array): readonly DeliveryReport[] {
  const { webhookEvent, smsBatchId, recipient, errorCode } = fields(parse(body))
  const status = statuses.get(webhookEvent)
  if (status === undefined || typeof smsBatchId !== 'string' || typeof recipient !== 'string') {
    return []
  }
  const report = { ref: smsBatchId, to: recipient, status }
  if (status !== 'failed' || typeof errorCode !== 'string') return [report]
  // No `reason` for the user: all these codes are about the sending device, not the recipient.
  const isOwn = ownCode.test(errorCode)
  if (!isOwn && !androidCode.test(errorCode)) return [report]
  const failure = { ...report, vendorCode: errorCode }
  const isOperatorFault = isOwn || deviceCodes.includes(errorCode)
  return [isOperatorFault ? { ...failure, isOperatorFault } : failure]
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    // The error would quote the message.
    return undefined
  }
}

function keyOf(options: TextbeeReceiptsOptions): KeyObject {
  assertKnownOptions(factory, options, { secret: true })
  const { secret } = options
  if (typeof secret !== 'string' || secret.length < 20) {
    misconfigured(
      factory,
      'secret',
      "must be the webhook's signing secret, of 20 characters or more",
    )
  }
  return createSecretKey(secret, 'utf8')
}
