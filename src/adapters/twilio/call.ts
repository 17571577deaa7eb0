/** Makes a single call to Twilio within a deadline, and reduces the vendor's errors to safe faults. */

import { startDeadline, timedOut } from '../http/deadline.js'
import { fields } from '../http/fields.js'
import type { ResolvedAccess } from './access.js'
import { connectTo, type Connect, type Exchange } from './client.js'
import { faultOf, type TwilioFault } from './errors.js'
import type { TwilioLike } from './twilio-like.js'

/** The client and the timeout of calls. */
export interface Caller<Client> {
  readonly connect: Connect<Client>
  /** Timeout of the whole call. The SDK's own restarts with each byte that arrives. */
  readonly timeoutSeconds: number
}

/** Makes the caller for the configured client, or for clients of the account. */
export function callerOf<Client>(
  access: ResolvedAccess<Client>,
  timeoutSeconds: number,
  touch: (client: TwilioLike) => unknown,
): Caller<Client | TwilioLike> {
  const { client, account } = access
  const connect =
    account === undefined
      ? () => Promise.resolve(client)
      : connectTo(account, timeoutSeconds, touch)
  return { connect, timeoutSeconds }
}

/** The SDK's response, not yet validated, or a fault. */
export type CallResult =
  | { readonly response: unknown; readonly fault?: undefined }
  | { readonly response?: undefined; readonly fault: TwilioFault }

/** Calls the SDK. Never rejects and never retries. */
export async function callTwilio<Client>(
  caller: Caller<Client>,
  work: (client: Client) => Promise<unknown>,
): Promise<CallResult> {
  const exchange: Exchange = {}
  let client: Client
  try {
    client = await caller.connect(exchange)
  } catch (error) {
    return { fault: { kind: 'not_sent', reason: loadingFault(error) } }
  }
  let pending: Promise<unknown>
  try {
    pending = work(client)
  } catch (error) {
    return { fault: synchronousFault(error) }
  }
  const deadline = startDeadline(caller.timeoutSeconds)
  try {
    const response = await Promise.race([pending, deadline.passed])
    return response === timedOut
      ? { fault: { kind: 'unknown', reason: 'twilio gave no answer in time' } }
      : { response }
  } catch (error) {
    return { fault: faultOf(error, exchange.retryAfterSeconds) }
  } finally {
    deadline.clear()
  }
}

/** Explains why the SDK failed to load, with the remedy. */
export function loadingFault(error: unknown): string {
  const { code } = fields(error)
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
    ? 'the twilio package is missing: npm install twilio'
    : 'the twilio package fails to load: check its version, TWILIO_CA_BUNDLE and HTTP_PROXY'
}

/** The SDK throws synchronously, before it sends, if a parameter or a credential is missing. */
function synchronousFault(error: unknown): TwilioFault {
  const fault = faultOf(error)
  return fault.kind === 'unknown'
    ? { kind: 'not_sent', reason: 'the twilio client refused the call' }
    : fault
}
