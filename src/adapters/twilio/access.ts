/** The options by which Twilio is reached: credentials or a client, and the way there. */

import { checkSecret, checkSid, misconfigured, secureUrl } from './options.js'
import type { TwilioHttpClient } from './twilio-like.js'

/** What can be set where the client is made here. */
export interface TwilioTransport {
  /** Carries the requests instead of the SDK's own HTTP client, such as through a proxy. Set its own timeouts and leave its retries off. */
  readonly httpClient?: TwilioHttpClient | undefined
  /** Where requests go instead of Twilio, for a stand-in or a relay; `http:` for loopback only. Default: Twilio. */
  readonly baseUrl?: string | undefined
}

/** The credentials of an account, or of an API key. */
export type TwilioCredentials = TwilioTransport & {
  readonly accountSid: string
  readonly client?: undefined
} & (
    | {
        readonly authToken: string
        readonly apiKey?: undefined
        readonly apiKeySecret?: undefined
      }
    | {
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

/** Credentials as the SDK takes them. */
export interface TwilioAccount {
  readonly accountSid: string
  readonly username: string
  readonly password: string
  readonly httpClient: TwilioHttpClient | undefined
  readonly baseUrl: URL | undefined
}

/** A client, or what it takes to make one. */
export type ResolvedAccess<Client> =
  | { readonly client: Client; readonly account?: undefined }
  | { readonly client?: undefined; readonly account: TwilioAccount }

/** The names of the options above. */
export const accessKeys = [
  'accountSid',
  'authToken',
  'apiKey',
  'apiKeySecret',
  'client',
  'httpClient',
  'baseUrl',
] as const

/** The given client, or the account to make one for. */
export function resolveAccess<Client extends object>(
  factory: string,
  options: TwilioAccess<Client>,
  part: string & keyof Client,
): ResolvedAccess<Client> {
  if (options.accountSid === undefined) {
    const other = given(options).find((key) => key !== 'client')
    if (other !== undefined) {
      misconfigured(factory, other, 'goes with accountSid, and does not go with client')
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
  if (given(options).includes('client')) {
    misconfigured(factory, 'client', 'does not go with accountSid; leave one out')
  }
  const { accountSid, httpClient, baseUrl } = options
  checkSid(factory, 'accountSid', 'AC', accountSid)
  return {
    account: {
      accountSid,
      ...resolveCredentials(factory, options),
      httpClient,
      baseUrl: baseUrl === undefined ? undefined : resolveBaseUrl(factory, baseUrl),
    },
  }
}

function resolveCredentials(
  factory: string,
  options: TwilioCredentials,
): Pick<TwilioAccount, 'username' | 'password'> {
  if (options.apiKey === undefined) {
    if (given(options).includes('apiKeySecret')) {
      misconfigured(factory, 'apiKeySecret', 'goes with apiKey; give both, or authToken alone')
    }
    checkSecret(factory, 'authToken', options.authToken)
    return { username: options.accountSid, password: options.authToken }
  }
  if (given(options).includes('authToken')) {
    misconfigured(factory, 'authToken', 'does not go with apiKey; leave one out')
  }
  checkSid(factory, 'apiKey', 'SK', options.apiKey)
  checkSecret(factory, 'apiKeySecret', options.apiKeySecret)
  return { username: options.apiKey, password: options.apiKeySecret }
}

/** Which of the shared options have a value; a caller without types may mix them as it likes. */
function given(options: object): string[] {
  const entries = Object.entries(options) as [string, unknown][]
  return accessKeys.filter((key) =>
    entries.some(([name, value]) => name === key && value !== undefined),
  )
}

function resolveBaseUrl(factory: string, text: string): URL {
  const url = secureUrl(factory, 'baseUrl', text)
  if (url.search !== '' || url.hash !== '') {
    misconfigured(factory, 'baseUrl', 'must have no query and no fragment')
  }
  return url
}
