/** What TextBee's answers mean. Nothing the vendor wrote leaves here but the id of a batch. */

import type { SendResult } from '../../ports/code-sender.js'

/** An answer as far as it was read. */
export interface TextbeeAnswer {
  readonly status: number
  /** The header of that name. */
  readonly retryAfter: string | null
  /** The parsed body; `undefined` where it was no whole JSON text. */
  readonly body: unknown
}

/** A longer wait that a server or proxy asks for is cut to this. */
const longestRetrySeconds = 3_600

/** How the refusals begin that tell an operator more than their status does. */
const knownRefusals: readonly (readonly [begins: string, reason: string])[] = [
  ['Device does not exist', 'the device is disabled: enable it in the TextBee app'],
  ['Invalid device id', 'deviceId is not an id of a TextBee device'],
  ['Please verify your email', 'the account has to confirm its e-mail address'],
  ['Failed to send SMS', 'the phone could not be reached by push: open the TextBee app on it'],
]

/** The result that an answer stands for. */
export function resultOf({ status, retryAfter, body }: TextbeeAnswer): SendResult {
  if (status >= 200 && status < 300) return accepted(body)
  if (status < 400) return fault('baseUrl redirects; set it to where the API is')
  if (status === 429) {
    // No wait is named with it, and the quota may be the month's: another method is needed.
    if (field(body, 'hasReachedLimit') === true) return fault("the plan's message limit is reached")
    return unavailable(retryAfter)
  }
  if (status >= 500 || status === 408) {
    return startsWith(body, 'Sorry, we cannot process')
      ? fault('the account is suspended')
      : { status: 'maybe_sent', reason: `TextBee: status ${status}` }
  }
  const known = knownRefusals.find(([begins]) => startsWith(body, begins))
  if (known !== undefined) return fault(known[1])
  if (status === 401 || status === 403) return fault('apiKey or deviceId is not known')
  if (status === 404) return fault('there is no such API at baseUrl')
  return fault(`the request was refused with status ${status}`)
}

/** The result of a request without an answer. `late` tells that the deadline ended it. */
export function unanswered(error: unknown, late: boolean): SendResult {
  if (late) return { status: 'maybe_sent', reason: 'TextBee: no answer in time' }
  // The global fetch wraps what the network said; others throw it as it is.
  const cause = field(error, 'cause') ?? error
  const code = field(cause, 'code')
  if (typeof code === 'string' && untrusted.test(code)) {
    return fault("the server's certificate is not trusted")
  }
  return neverConnected(cause)
    ? unavailable(null)
    : { status: 'maybe_sent', reason: 'TextBee: the connection broke' }
}

/** OpenSSL's and Node's names for a certificate that was refused, before the request was written. */
const untrusted = /^(?:CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/

const unreachable: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** Whether the request certainly left nowhere. Of a name with several addresses each was tried. */
function neverConnected(cause: unknown): boolean {
  const each = field(cause, 'errors')
  if (Array.isArray(each) && each.length > 0) return each.every(neverConnected)
  return unreachable.includes(field(cause, 'code')) || field(cause, 'syscall') === 'connect'
}

/** With its queue TextBee names the batch; without, the answer is Firebase's own count. */
function accepted(body: unknown): SendResult {
  const data = field(body, 'data')
  const pushed = field(data, 'successCount')
  if (field(data, 'success') === true || (typeof pushed === 'number' && pushed > 0)) {
    const batch = field(data, 'smsBatchId')
    const named = typeof batch === 'string' && /^[\w-]{1,64}$/.test(batch)
    return named ? { status: 'sent', reference: batch } : { status: 'sent' }
  }
  if (pushed === 0)
    return fault('the phone could not be reached by push: open the TextBee app on it')
  return { status: 'maybe_sent', reason: 'TextBee: an answer that cannot be read' }
}

function fault(reason: string): SendResult {
  return { status: 'operator_fault', reason: `TextBee: ${reason}` }
}

function unavailable(retryAfter: string | null): SendResult {
  const seconds = /^\d{1,9}$/.test(retryAfter ?? '') ? Number(retryAfter) : 0
  return seconds > 0
    ? {
        status: 'rejected',
        reason: 'unavailable',
        retryAfterSeconds: Math.min(seconds, longestRetrySeconds),
      }
    : { status: 'rejected', reason: 'unavailable' }
}

/** Whether the answer's `error` or `message` begins so; it may be a list. */
function startsWith(body: unknown, beginning: string): boolean {
  return [field(body, 'error'), field(body, 'message')]
    .flat()
    .some((text) => typeof text === 'string' && text.startsWith(beginning))
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
