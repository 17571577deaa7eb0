/** Resolves the options for access to Twilio: credentials or a client, and the transport. */

import { misconfigured } from '../http/misconfigured.js'
import { secureBaseUrl } from '../http/secure-url.js'
import { checkSecret, checkSid } from './options.js'
import type { TwilioHttpClient } from './twilio-like.js'

/** Transport options, for clients that are made here. */
export interface TwilioTransport {
  /**
   * Sends the requests in place of the SDK's own HTTP client, such as through a proxy. Set its
   * timeouts yourself and leave its retries off.
   *
   * @default the SDK's `RequestClient`, with `timeoutSeconds` as its timeout
   */
  readonly httpClient?: TwilioHttpClient | undefined
  /**
   * Sends requests to this URL instead of Twilio, for a stand-in or a relay; `https:`, or `http:` on
   * loopback.
   *
   * @default Twilio's own hosts
   */
  readonly baseUrl?: string | undefined
}

/** The credentials of an account, or of an API key. */
export type TwilioCredentials = TwilioTransport & {
  /** `AC…`, also with an API key. */
  readonly accountSid: string
  readonly client?: undefined
} & (
    | {
        readonly authToken: string
        readonly apiKey?: undefined
        readonly apiKeySecret?: undefined
      }
    | {
        /** `SK…`. */
        readonly apiKey: string
        readonly apiKeySecret: string
        readonly authToken?: undefined
      }
  )

/** Credentials, or a client of your own. */
export type TwilioAccess<Client> =
  | TwilioCredentials
  | {
      /** Made by `twilio(…)`. Leave its `autoRetry` off. */
      readonly client: Client
      readonly accountSid?: undefined
      readonly authToken?: undefined
      readonly apiKey?: undefined
      readonly apiKeySecret?: undefined
      readonly httpClient?: undefined
      readonly baseUrl?: undefined
    }

/** Credentials in the form that the SDK takes. */
export interface TwilioAccount {
  readonly accountSid: string
  readonly username: string
  readonly password: string
  readonly httpClient: TwilioHttpClient | undefined
  readonly baseUrl: URL | undefined
}

/** A client, or the account to make one for. */
export type ResolvedAccess<Client> =
  | { readonly client: Client; readonly account?: undefined }
  | { readonly client?: undefined; readonly account: TwilioAccount }

/** The names of the options above. */
export const accessOptions: Readonly<Record<keyof TwilioAccess<unknown>, true>> = {
  accountSid: true,
  authToken: true,
  apiKey: true,
  apiKeySecret: true,
  client: true,
  httpClient: true,
  baseUrl: true,
}

/**
 * Resolves the options to the client, or to the account to make one for. `part` is the client's property that the adapter
 * uses.
 *
 * @throws ConfigurationError for a missing, contradictory or malformed option.
 */
export function resolveAccess<Client extends object>(
  factory: string,
  options: TwilioAccess<Client>,
  part: string & keyof Client,
): ResolvedAccess<Client> {
  if (options.accountSid === undefined) {
    const other = definedOptions(options).find((name) => name !== 'client')
    if (other !== undefined) {
      misconfigured(factory, other, 'needs accountSid; with client, leave it out')
    }
    const client: unknown = options.client
    if (client === undefined) {
      misconfigured(factory, 'accountSid', 'is missing: give it with authToken, or give a client')
    }
    if (typeof client !== 'object' || client === null || !(part in client)) {
      misconfigured(factory, 'client', `has no ${part}; give one made by twilio(…)`)
    }
    return { client: options.client }
  }
  if (definedOptions(options).includes('client')) {
    misconfigured(factory, 'client', 'cannot be combined with accountSid; leave one out')
  }
  const { accountSid, httpClient, baseUrl } = options
  checkSid(factory, 'accountSid', 'AC', accountSid)
  return {
    account: {
      accountSid,
      ...resolveCredentials(factory, options),
      httpClient,
      baseUrl: baseUrl === undefined ? undefined : secureBaseUrl(factory, 'baseUrl', baseUrl),
    },
  }
}

function resolveCredentials(
  factory: string,
  options: TwilioCredentials,
): Pick<TwilioAccount, 'username' | 'password'> {
  if (options.apiKey === undefined) {
    if (definedOptions(options).includes('apiKeySecret')) {
      misconfigured(factory, 'apiKeySecret', 'needs apiKey; give both, or authToken alone')
    }
    checkSecret(factory, 'authToken', options.authToken)
    return { username: options.accountSid, password: options.authToken }
  }
  if (definedOptions(options).includes('authToken')) {
    misconfigured(factory, 'authToken', 'cannot be combined with apiKey; leave one out')
  }
  checkSid(factory, 'apiKey', 'SK', options.apiKey)
  checkSecret(factory, 'apiKeySecret', options.apiKeySecret)
  return { username: options.apiKey, password: options.apiKeySecret }
}

/** Names of access options that have a value. Callers without types can combine them in any way. */
function definedOptions(options: object): string[] {
  const defined = new Map(Object.entries(options).filter(([, value]) => value !== undefined))
  return Object.keys(accessOptions).filter((name) => defined.has(name))
}
