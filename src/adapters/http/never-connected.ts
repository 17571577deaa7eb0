/** Recognises errors of connections that were never made: the request was not sent, so a retry is safe. */

import { fields } from './fields.js'

/** Error codes of Node, and of undici, that only occur before a connection exists. */
const connectCodes: readonly unknown[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]

/** System calls that precede a connection. With any error code, a failure of these sent nothing. */
const connectCalls: readonly unknown[] = ['connect', 'getaddrinfo']

/**
 * True if the error proves that no connection was made. `fetch` and axios wrap the network error, so
 * the cause counts too.
 */
export function neverConnected(error: unknown): boolean {
  return failedToConnect(error) || failedToConnect(fields(error)['cause'])
}

function failedToConnect(error: unknown): boolean {
  const { errors, code, syscall } = fields(error)
  // A host with several addresses leaves an error for each one that was tried.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(failedToConnect)
  return connectCodes.includes(code) || connectCalls.includes(syscall)
}
