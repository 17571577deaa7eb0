/** Reads Twilio's status callbacks, whose signature covers the public URL and the whole form. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type {
  DeliveryReport,
  ReceiptRequest,
  ReceiptSource,
} from '../../factors/phone/ports/receipt-source.js'
import type { DeliveryReason, DeliveryStatus } from '../../factors/phone/rules/part.js'
import { misconfigured } from '../http/misconfigured.js'
import { secureBaseUrl } from '../http/secure-url.js'
import { loadingFault } from './call.js'
import { checkSecret } from './options.js'

/** Options of `twilioReceipts`. */
export interface TwilioReceiptsOptions {
  /**
   * The account's auth token: Twilio signs callbacks with it even if you send with an API key. While you replace it, give
   * both, the primary and the secondary token.
   */
  readonly authToken: string | readonly string[]
  /**
   * The part before the path in the URL that Twilio calls, such as `https://example.com`, plus any
   * path prefix that a proxy strips. The request's own headers are not used, since anyone can set them.
   */
  readonly publicUrl: string
}

type Sdk = typeof import('twilio')
type Form = Readonly<Record<string, string | string[]>>

const factory = 'twilioReceipts'

/** Twilio sends about fifteen fields and may add more. */
const maxFields = 200

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map([
  ...named('accepted', 'accepted', 'scheduled', 'queued', 'sending'),
  ...named('sent', 'sent'),
  ...named('delivered', 'delivered', 'partially_delivered', 'read'),
  ...named('failed', 'failed', 'undelivered', 'canceled'),
])

/** Failures that the user is shown a reason for; events carry the code itself. */
const reasons: ReadonlyMap<string, DeliveryReason> = new Map([
  ...named('unreachable', '30003'),
  ...named('number_invalid', '21211', '21614', '21635', '30005', '30006'),
  ...named('blocked', '21408', '21610', '30004', '30450', '60410'),
])

/** Failures that affect messages to other phones too: the account, the sender, its registration or the content. */
const operatorFaults: ReadonlySet<string> = new Set([
  ...['14107', '21212', '21606', '21612', '21657', '21659', '21660', '21661', '21703', '21704'],
  ...['30002', '30007', '30010', '30023', '30024', '30032', '30033', '30034', '63038'],
])

function named<const T extends string>(meaning: T, ...names: string[]): [string, T][] {
  return names.map((name) => [name, meaning])
}

/**
 * Makes a source named `twilio` for the status callbacks of Twilio Messaging. Set the `statusCallback`
 * of `twilioSender` to `publicUrl`, then the path of `receiptsRouter()`, then `/twilio`. Needs the
 * package `twilio`, which is loaded at the first callback.
 *
 * @example
 * ```ts
 * import { twilioReceipts, twilioSender } from 'passport-second-factor/twilio'
 *
 * const publicUrl = 'https://app.example.com'
 * const sender = twilioSender({
 *   accountSid: env.TWILIO_ACCOUNT_SID,
 *   authToken: env.TWILIO_AUTH_TOKEN,
 *   from: '+14155550100',
 *   statusCallback: `${publicUrl}/receipts/twilio`,
 * })
 * const receipts = [twilioReceipts({ authToken: env.TWILIO_AUTH_TOKEN, publicUrl })]
 * ```
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 */
export function twilioReceipts(options: TwilioReceiptsOptions): ReceiptSource {
  assertKnownOptions(factory, options, { authToken: true, publicUrl: true })
  const { authToken, publicUrl } = options
  const tokens = [authToken].flat()
  if (tokens.length === 0) misconfigured(factory, 'authToken', 'is an empty list: give a token')
  for (const token of tokens) checkSecret(factory, 'authToken', token)
  secureBaseUrl(factory, 'publicUrl', publicUrl)
  // Not the normalised URL: Twilio signs the URL exactly as it was configured.
  const base = publicUrl.replace(/\/+$/, '')
  let sdk: Promise<Sdk> | null = null
  return {
    name: 'twilio',
    async read(request) {
      sdk ??= load()
      const { validateRequest } = await sdk
      const form = formOf(request)
      if (form === null || !request.url.startsWith('/')) return { status: 'forged' }
      const url = base + request.url
      const signature = signatureOf(request)
      const signed = tokens.some((token) => validateRequest(token, signature, url, form))
      return signed ? { status: 'genuine', reports: reportsOf(form) } : { status: 'forged' }
    },
  }
}

function reportsOf(form: Form): readonly DeliveryReport[] {
  const { MessageSid: ref, To: to, MessageStatus: state, ErrorCode: code } = form
  const status = typeof state === 'string' ? statuses.get(state) : undefined
  if (status === undefined || typeof ref !== 'string' || typeof to !== 'string') return []
  const failure = typeof code === 'string' && /^\d{5}$/.test(code) ? code : undefined
  // WhatsApp destinations have a prefix: `whatsapp:+15550006789`.
  const report = { ref, to: to.replace(/^\w+:/, ''), status }
  if (status !== 'failed' || failure === undefined) return [report]
  const failed = { ...report, reason: reasons.get(failure), vendorCode: failure }
  return [operatorFaults.has(failure) ? { ...failed, isOperatorFault: true } : failed]
}

/** The form's fields, a repeated one as an array; `null` if there are more than Twilio would send. */
function formOf({ body }: ReceiptRequest): Form | null {
  const lists = new Map<string, string[]>()
  let count = 0
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    count += 1
    // The fields are sorted before the signature is checked, so an attacker could send many of them.
    if (count > maxFields) return null
    lists.set(name, [...(lists.get(name) ?? []), value])
  }
  return Object.fromEntries(
    [...lists].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

function signatureOf({ headers }: ReceiptRequest): string {
  const signature = headers['x-twilio-signature']
  return typeof signature === 'string' ? signature : ''
}

async function load(): Promise<Sdk> {
  try {
    const { default: sdk } = await import('twilio')
    return sdk
  } catch (error) {
    throw new ConfigurationError(`${factory}: ${loadingFault(error)}`)
  }
}
