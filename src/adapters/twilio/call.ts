/** Makes one call to Twilio, once, within a deadline, and lets nothing of the vendor's errors out. */

import { connectTo, type Connect, type Exchange } from './client.js'
import { faultOf, fields, type TwilioFault } from './errors.js'
import type { ResolvedAccess } from './access.js'
import type { TwilioLike } from './twilio-like.js'

/** How calls are made. */
export interface Caller<Client> {
  readonly connect: Connect<Client>
  /** Seconds until an answer counts as missing. The SDK's own timeout starts anew with each byte. */
  readonly timeoutSeconds: number
}

/** Makes the caller for the given client, or for a client of the account. */
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

/** What came back: the SDK's answer, unread, or a fault. */
export type CallResult =
  | { readonly answer: unknown; readonly fault?: undefined }
  | { readonly answer?: undefined; readonly fault: TwilioFault }

const late = Symbol('late')

/** Calls the SDK. Never rejects, and never calls again. */
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
    return { fault: faultAtOnce(error) }
  }
  const { promise, cancel } = deadline(caller.timeoutSeconds)
  try {
    const answer = await Promise.race([pending, promise])
    return answer === late
      ? { fault: { kind: 'unknown', reason: 'twilio gave no answer in time' } }
      : { answer }
  } catch (error) {
    return { fault: faultOf(error, exchange.retryAfterSeconds) }
  } finally {
    cancel()
  }
}

/** Why the SDK could not be loaded, and the remedy. */
export function loadingFault(error: unknown): string {
  const { code } = fields(error)
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND'
    ? 'the twilio package is missing: npm install twilio'
    : 'the twilio package does not start: see TWILIO_CA_BUNDLE, HTTP_PROXY and its version'
}

/** The SDK throws at once, before it sends, where a parameter or a credential is missing. */
function faultAtOnce(error: unknown): TwilioFault {
  const fault = faultOf(error)
  return fault.kind === 'unknown'
    ? { kind: 'not_sent', reason: 'the twilio client refused the call' }
    : fault
}

function deadline(seconds: number): { promise: Promise<typeof late>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => {
      resolve(late)
    }, seconds * 1000)
  })
  const cancel = () => {
    clearTimeout(timer)
  }
  return { promise, cancel }
}
