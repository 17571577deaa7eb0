/** Maps TextBee's responses and network errors to results. The batch id is the only vendor data kept. */

import type { SendResult } from '../../factors/phone/ports/code-sender.js'
import { fields } from '../http/fields.js'
import { neverConnected } from '../http/never-connected.js'
import { retryAfterSeconds } from '../http/retry-after.js'
import { untrustedCertificate } from '../http/untrusted-certificate.js'

/** The parts of a response that matter, as far as they could be read. */
export interface TextbeeResponse {
  readonly status: number
  /** The `Retry-After` header. */
  readonly retryAfter: string | null
  /** The parsed body; `undefined` unless it is complete, valid JSON. */
  readonly body: unknown
}

/** Error messages that say more than the status does, by prefix. */
const knownRefusals: readonly (readonly [prefix: string, reason: string])[] = [
  ['Device does not exist', 'the device is disabled: enable it in the TextBee app'],
  ['Invalid device id', 'deviceId is not the id of a TextBee device'],
  ['Please verify your email', "the account's e-mail address is not verified"],
  ['Failed to send SMS', 'no push reached the device: open the TextBee app on it'],
]

/** Maps a response. */
export function resultOf({ status, retryAfter, body }: TextbeeResponse): SendResult {
  if (status >= 200 && status < 300) return acceptedResult(body)
  if (status < 400) return fault('baseUrl redirects; set it to the final URL of the API')
  if (status === 429) {
    // TextBee names no wait for a spent quota, which may be the month's: retrying would not help.
    if (fields(body)['hasReachedLimit'] === true)
      return fault("the plan's message limit is reached")
    return unavailable(retryAfterSeconds(retryAfter))
  }
  if (status >= 500 || status === 408) {
    return startsWith(body, 'Sorry, we cannot process')
      ? fault('the account is suspended')
      : { status: 'maybe_sent', reason: `TextBee: status ${status}` }
  }
  const known = knownRefusals.find(([prefix]) => startsWith(body, prefix))
  if (known !== undefined) return fault(known[1])
  if (status === 401 || status === 403) return fault('apiKey or deviceId is wrong')
  if (status === 404) return fault('baseUrl is not the base URL of a TextBee API')
  return fault(`the request was refused with status ${status}`)
}

/** Maps the error of a request that got no response. */
export function resultOfError(error: unknown, deadlinePassed: boolean): SendResult {
  if (deadlinePassed) return { status: 'maybe_sent', reason: 'TextBee: no answer in time' }
  if (untrustedCertificate(error) !== null) return fault("the server's certificate is not trusted")
  if (neverConnected(error)) return unavailable()
  return { status: 'maybe_sent', reason: 'TextBee: the connection broke' }
}

/** TextBee returns a batch id if its queue is on, and Firebase's counts if it is off. */
function acceptedResult(body: unknown): SendResult {
  const { success, successCount, smsBatchId } = fields(fields(body)['data'])
  if (success === true || (typeof successCount === 'number' && successCount > 0)) {
    const valid = typeof smsBatchId === 'string' && /^[\w-]{1,64}$/.test(smsBatchId)
    return valid ? { status: 'sent', reference: smsBatchId } : { status: 'sent' }
  }
  if (successCount === 0) return fault('no push reached the device: open the TextBee app on it')
  return { status: 'maybe_sent', reason: 'TextBee: unreadable response' }
}

function fault(reason: string): SendResult {
  return { status: 'operator_fault', reason: `TextBee: ${reason}` }
}

function unavailable(seconds?: number): SendResult {
  return seconds === undefined
    ? { status: 'rejected', reason: 'unavailable' }
    : { status: 'rejected', reason: 'unavailable', retryAfterSeconds: seconds }
}

/** True if the body's `error` or `message`, either of which may be an array, begins with the prefix. */
function startsWith(body: unknown, prefix: string): boolean {
  const { error, message } = fields(body)
  return [error, message]
    .flat()
    .some((value) => typeof value === 'string' && value.startsWith(prefix))
}
