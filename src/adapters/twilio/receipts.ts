/** Reads Twilio's status callbacks, whose signature covers the public URL and the whole form. */

import { ConfigurationError } from '../../core/errors.js'
import type { DeliveryReason, DeliveryStatus } from '../../core/state.js'
import type { DeliveryReport, ReceiptRequest, ReceiptSource } from '../../ports/receipt-source.js'
import { loadingFault } from './call.js'
import { checkKeys, checkSecret, misconfigured, secureUrl } from './options.js'

/** How `twilioReceipts` is set up. */
export interface TwilioReceiptsOptions {
  /** The account's auth token; Twilio signs with nothing else, not even where an API key sends. */
  readonly authToken: string
  /**
   * What stands before the path in the URL that Twilio calls: `https://example.com`, and after it whatever
   * a proxy takes off the path. Headers of the request, which anybody can write, are never asked.
   */
  readonly publicUrl: string
}

type Sdk = typeof import('twilio')
type Form = Readonly<Record<string, string | string[]>>

const factory = 'twilioReceipts'

/** Twilio sends about fifteen, and may add some. */
const maxFields = 200

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map([
  ...named('accepted', 'accepted', 'scheduled', 'queued', 'sending'),
  ...named('sent', 'sent'),
  ...named('delivered', 'delivered', 'partially_delivered', 'read'),
  ...named('failed', 'failed', 'undelivered', 'canceled'),
])

/** What a person can be told of a failure; an operator is told the code itself. */
const reasons: ReadonlyMap<string, DeliveryReason> = new Map([
  ...named('unreachable', '30003'),
  ...named('number_invalid', '21211', '21614', '21635', '30005', '30006'),
  ...named('blocked', '21408', '21610', '30004', '30450', '60410'),
])

function named<const T extends string>(meaning: T, ...names: string[]): [string, T][] {
  return names.map((name) => [name, meaning])
}

/**
 * Makes a source named `twilio` for the status callbacks of Twilio Messaging: the `statusCallback` of
 * `twilioSender` is `publicUrl`, then the path of `receiptsRouter()`, then `/twilio`. Needs the package
 * `twilio`, which is loaded for the first callback.
 *
 * @throws ConfigurationError for an unknown option or one that cannot be used.
 */
export function twilioReceipts(options: TwilioReceiptsOptions): ReceiptSource {
  checkKeys(factory, options, ['authToken', 'publicUrl'])
  const { authToken } = options
  checkSecret(factory, 'authToken', authToken)
  const base = publicBase(options.publicUrl)
  let sdk: Promise<Sdk> | null = null
  return {
    name: 'twilio',
    async read(request) {
      sdk ??= load()
      const { validateRequest } = await sdk
      const form = formOf(request)
      if (form === null || !request.url.startsWith('/')) return { status: 'forged' }
      const signed = validateRequest(authToken, signatureOf(request), base + request.url, form)
      return signed ? { status: 'genuine', reports: reportsOf(form) } : { status: 'forged' }
    },
  }
}

function reportsOf(form: Form): readonly DeliveryReport[] {
  const { MessageSid: ref, To: to, MessageStatus: state, ErrorCode: code } = form
  const status = typeof state === 'string' ? statuses.get(state) : undefined
  if (status === undefined || typeof ref !== 'string' || typeof to !== 'string') return []
  const failure = typeof code === 'string' && /^\d{5}$/.test(code) ? code : undefined
  // A number on WhatsApp is written `whatsapp:+15550006789`.
  const report = { ref, to: to.replace(/^\w+:/, ''), status }
  if (status !== 'failed' || failure === undefined) return [report]
  return [{ ...report, reason: reasons.get(failure), vendorCode: failure }]
}

/** The form's fields; `null` where there are more than Twilio would send. One that comes twice is a list. */
function formOf({ body }: ReceiptRequest): Form | null {
  const lists = new Map<string, string[]>()
  let fields = 0
  for (const [name, value] of new URLSearchParams(Buffer.from(body).toString('utf8'))) {
    fields += 1
    // The signature is made over the sorted fields, which must not be a stranger's way to keep us busy.
    if (fields > maxFields) return null
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

/** As written, since Twilio signs what it was given as written. */
function publicBase(text: string): string {
  const url = secureUrl(factory, 'publicUrl', text)
  if (url.search === '' && url.hash === '') return text.replace(/\/+$/, '')
  return misconfigured(factory, 'publicUrl', 'must have no query and no fragment')
}

async function load(): Promise<Sdk> {
  try {
    const { default: sdk } = await import('twilio')
    return sdk
  } catch (error) {
    throw new ConfigurationError(`${factory}: ${loadingFault(error)}`)
  }
}
