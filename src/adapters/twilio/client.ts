/** Makes clients with the SDK, which is loaded only if the options hold an account instead of a client. */

import { fields } from '../http/fields.js'
import { retryAfterSeconds } from '../http/retry-after.js'
import type { TwilioAccount } from './access.js'
import type { TwilioHttpClient, TwilioLike } from './twilio-like.js'

/** Response headers of one call. The SDK's errors omit them, so the transport under it records them here. */
export interface Exchange {
  retryAfterSeconds?: number
}

/** Returns the client for one call. Rejects only if the SDK cannot be loaded. */
export type Connect<Client> = (exchange: Exchange) => Promise<Client>

type Sdk = typeof import('twilio')

/** Twilio's responses are a few kilobytes; anything longer is not from Twilio. */
const longestResponseBytes = 1_000_000

/**
 * Connects to an account. Loading the SDK blocks for about 200 ms, so it starts in the background
 * now rather than during the first login; if it fails, the first call reports the error.
 */
export function connectTo(
  account: TwilioAccount,
  timeoutSeconds: number,
  touch: (client: TwilioLike) => unknown,
): Connect<TwilioLike> {
  const loading = load(account, timeoutSeconds, touch)
  loading.catch(() => undefined)
  return async (exchange) => (await loading)(exchange)
}

/** Loads the SDK, and touches the part that will be used, since the SDK loads its parts lazily. */
async function load(
  account: TwilioAccount,
  timeoutSeconds: number,
  touch: (client: TwilioLike) => unknown,
): Promise<(exchange: Exchange) => TwilioLike> {
  const { default: sdk } = await import('twilio')
  const transport = account.httpClient ?? limitedTransport(sdk, timeoutSeconds)
  // One client per call keeps the headers of concurrent calls apart. It costs microseconds.
  const makeClient = (exchange: Exchange): TwilioLike => {
    // Typed loosely: the SDK's types require its own HTTP client class, but it only calls this method.
    const options: object = {
      accountSid: account.accountSid,
      httpClient: recordingTransport(transport, account.baseUrl, exchange),
    }
    return sdk(account.username, account.password, options)
  }
  touch(makeClient({}))
  return makeClient
}

/** The SDK's own transport, whose connections close at the deadline even while bytes still arrive. */
function limitedTransport(sdk: Sdk, timeoutSeconds: number): TwilioHttpClient {
  const milliseconds = Math.ceil(timeoutSeconds * 1000)
  const transport = new sdk.RequestClient({ timeout: milliseconds, autoRetry: false })
  transport.axios.defaults.maxContentLength = longestResponseBytes
  transport.axios.interceptors.request.use((request) => {
    request.signal = AbortSignal.timeout(milliseconds)
    return request
  })
  return transport
}

/** Sends requests to the base URL if there is one, and records `Retry-After`. */
function recordingTransport(
  transport: TwilioHttpClient,
  baseUrl: URL | undefined,
  exchange: Exchange,
): TwilioHttpClient {
  return {
    async request(options) {
      const uri = baseUrl === undefined ? options.uri : rebased(options.uri, baseUrl)
      const response = await transport.request({ ...options, uri })
      const seconds = retryAfterSeconds(fields(response.headers)['retry-after'])
      if (seconds !== undefined) exchange.retryAfterSeconds = seconds
      return response
    },
  }
}

/** The same path and query, below the base URL. */
function rebased(uri: string, baseUrl: URL): string {
  const { pathname, search } = new URL(uri)
  return `${baseUrl.origin}${baseUrl.pathname.replace(/\/$/, '')}${pathname}${search}`
}
