/** The options of the TextBee sender, checked once at construction. */

import { ConfigurationError } from '../../core/errors.js'

/** Which account and phone sends, and how long it may take. */
export interface TextbeeSenderOptions {
  /** The account's API key, from TextBee's dashboard. */
  readonly apiKey: string
  /** The id of the phone that sends, from TextBee's dashboard. */
  readonly deviceId: string
  /**
   * The API's base, `/api/v1` included. Default: `https://api.textbee.dev/api/v1`. A server of one's
   * own needs https too, unless it is on this machine: key and code travel in every request.
   */
  readonly baseUrl?: string | undefined
  /** Which SIM of the phone sends. Default: the phone's own choice. */
  readonly simSubscriptionId?: number | undefined
  /** Longest wait for the whole answer, in seconds. Default 10, at most 14. */
  readonly timeoutSeconds?: number | undefined
  /** Makes the requests; it has to honour `signal` and `redirect`. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** What a request is made of. */
export interface TextbeeRequestOptions {
  readonly url: string
  readonly apiKey: string
  readonly simSubscriptionId: number | undefined
  readonly timeoutSeconds: number
  readonly fetch: typeof globalThis.fetch
}

const knownOptions: Readonly<Record<keyof TextbeeSenderOptions, true>> = {
  apiKey: true,
  deviceId: true,
  baseUrl: true,
  simSubscriptionId: true,
  timeoutSeconds: true,
  fetch: true,
}

/** Longer than this, and the flow that waits for the sender has given up before. */
const longestTimeoutSeconds = 14

/** @throws ConfigurationError for an option that cannot be used; no value is repeated in it. */
export function resolveOptions(options: TextbeeSenderOptions): TextbeeRequestOptions {
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(knownOptions, name)) continue
    fail(`${name} is not an option; the options are ${Object.keys(knownOptions).join(', ')}`)
  }
  const { apiKey, deviceId, simSubscriptionId, timeoutSeconds = 10 } = options
  const base = baseOf(options.baseUrl ?? 'https://api.textbee.dev/api/v1')
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]{1,512}$/.test(apiKey)) {
    fail('apiKey must be the key from the dashboard, without spaces or line breaks around it')
  }
  if (typeof deviceId !== 'string' || !/^(?!\.{1,2}$)[\x21-\x7e]{1,128}$/.test(deviceId)) {
    fail('deviceId must be the id from the dashboard, without spaces or line breaks around it')
  }
  if (simSubscriptionId !== undefined && !isWhole(simSubscriptionId)) {
    fail(
      'simSubscriptionId must be a whole number: the subscription id of a SIM, as Android counts',
    )
  }
  if (!(timeoutSeconds > 0 && timeoutSeconds <= longestTimeoutSeconds)) {
    fail(`timeoutSeconds must be a number above 0 and at most ${longestTimeoutSeconds}`)
  }
  if (options.fetch !== undefined && typeof options.fetch !== 'function') {
    fail('fetch must be a function such as the global fetch')
  }
  return {
    url: `${base}/gateway/devices/${encodeURIComponent(deviceId)}/send-sms`,
    apiKey,
    simSubscriptionId,
    timeoutSeconds,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  }
}

/** The base without a slash at its end. */
function baseOf(text: string): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (url === null) return fail('baseUrl must be a URL such as https://sms.example.com/api/v1')
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    fail('baseUrl must have no user, password, query or fragment; the key goes into apiKey')
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    fail(
      'baseUrl must begin with https: (http: is taken for this machine alone, such as 127.0.0.1)',
    )
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function fail(message: string): never {
  throw new ConfigurationError(`textbeeSender: ${message}`)
}
