/** Makes clients of the SDK, which is loaded only where an account is given instead of a client. */

import { fields } from './errors.js'
import type { TwilioAccount } from './access.js'
import type { TwilioHttpClient, TwilioLike } from './twilio-like.js'

/** What one call hears beside its answer. The SDK's errors carry no headers, so it is heard below the SDK. */
export interface Exchange {
  retryAfterSeconds?: number
}

/** Gives the client for one call. Rejects only where the SDK cannot be loaded. */
export type Connect<Client> = (exchange: Exchange) => Promise<Client>

type Sdk = typeof import('twilio')

/** A vendor that asks for a longer wait is asked again after this one. */
const longestRetryAfterSeconds = 3600

/** An answer of Twilio's has a few kilobytes; what is longer comes from somewhere else. */
const longestAnswerBytes = 1_000_000

/**
 * Makes the connection to an account. Loading the SDK blocks for about 200 ms, which no login should
 * wait for, so it begins here, behind the caller's back; a fault of it is told by the first call.
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

/** Loads the SDK, and touches the part that will be used, which it loads lazily too. */
async function load(
  account: TwilioAccount,
  timeoutSeconds: number,
  touch: (client: TwilioLike) => unknown,
): Promise<(exchange: Exchange) => TwilioLike> {
  const { default: sdk } = await import('twilio')
  const transport = account.httpClient ?? boundedTransport(sdk, timeoutSeconds)
  // A client for each call, so that what one hears is never mixed with another's. It costs microseconds.
  const makeClient = (exchange: Exchange): TwilioLike => {
    // Not typed closer: the SDK asks for its own class, and uses nothing but this method of it.
    const options: object = {
      accountSid: account.accountSid,
      httpClient: relay(transport, account.baseUrl, exchange),
    }
    return sdk(account.username, account.password, options)
  }
  touch(makeClient({}))
  return makeClient
}

/** The SDK's own transport, whose connections end with the deadline, even where an answer drips in. */
function boundedTransport(sdk: Sdk, timeoutSeconds: number): TwilioHttpClient {
  const milliseconds = Math.ceil(timeoutSeconds * 1000)
  const transport = new sdk.RequestClient({ timeout: milliseconds, autoRetry: false })
  transport.axios.defaults.maxContentLength = longestAnswerBytes
  transport.axios.interceptors.request.use((request) => {
    request.signal = AbortSignal.timeout(milliseconds)
    return request
  })
  return transport
}

/** Sends requests to the base URL where there is one, and hears `Retry-After`. */
function relay(
  transport: TwilioHttpClient,
  baseUrl: URL | undefined,
  exchange: Exchange,
): TwilioHttpClient {
  return {
    async request(options) {
      const uri = baseUrl === undefined ? options.uri : moved(options.uri, baseUrl)
      const response = await transport.request({ ...options, uri })
      const seconds = Number(fields(response.headers)['retry-after'])
      if (seconds > 0) {
        exchange.retryAfterSeconds = Math.min(Math.ceil(seconds), longestRetryAfterSeconds)
      }
      return response
    },
  }
}

/** The same path at another origin, below the base URL's own path. */
function moved(uri: string, baseUrl: URL): string {
  const { pathname, search } = new URL(uri)
  return `${baseUrl.origin}${baseUrl.pathname.replace(/\/$/, '')}${pathname}${search}`
}
