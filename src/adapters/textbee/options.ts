/** The options of `textbeeSender`, checked once at construction. */

import { assertKnownOptions } from '../../core/known-options.js'
import { resolveTimeout } from '../http/deadline.js'
import { misconfigured } from '../http/misconfigured.js'
import { secureBaseUrl } from '../http/secure-url.js'

/** Options of `textbeeSender`. */
export interface TextbeeSenderOptions {
  /** The account's API key, from TextBee's dashboard. */
  readonly apiKey: string
  /** The id of the device that sends, from TextBee's dashboard. */
  readonly deviceId: string
  /**
   * The API's base URL, including `/api/v1`; `https:`, or `http:` on loopback, because every request
   * carries the key and the code.
   *
   * @default 'https://api.textbee.dev/api/v1'
   */
  readonly baseUrl?: string | undefined
  /**
   * The Android subscription id of the SIM to send with.
   *
   * @default the device's own choice
   */
  readonly simSubscriptionId?: number | undefined
  /**
   * Timeout of one send, response body included, in seconds; at most 14.
   *
   * @default 10
   */
  readonly timeoutSeconds?: number | undefined
  /**
   * Makes the requests; must honour `signal` and `redirect`.
   *
   * @default the global `fetch`
   */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** The options, checked, with defaults filled in and the URL of the endpoint built. */
export interface TextbeeRequestOptions {
  readonly url: string
  readonly devicesUrl: string
  readonly deviceId: string
  readonly apiKey: string
  readonly simSubscriptionId: number | undefined
  readonly timeoutSeconds: number
  readonly fetch: typeof globalThis.fetch
}

const factory = 'textbeeSender'
const knownOptions: Readonly<Record<keyof TextbeeSenderOptions, true>> = {
  apiKey: true,
  deviceId: true,
  baseUrl: true,
  simSubscriptionId: true,
  timeoutSeconds: true,
  fetch: true,
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws ConfigurationError naming the option that cannot be used; values are not repeated.
 */
export function resolveOptions(options: TextbeeSenderOptions): TextbeeRequestOptions {
  assertKnownOptions(factory, options, knownOptions)
  const { apiKey, deviceId, simSubscriptionId } = options
  const base = baseOf(options.baseUrl ?? 'https://api.textbee.dev/api/v1')
  // Sent as a header, which is limited to printable ASCII.
  if (typeof apiKey !== 'string' || !/^[\x21-\x7e]{1,512}$/.test(apiKey)) {
    misconfigured(factory, 'apiKey', 'must be the key from the dashboard, without any whitespace')
  }
  if (typeof deviceId !== 'string' || !/^(?!\.{1,2}$)[\x21-\x7e]{1,128}$/.test(deviceId)) {
    misconfigured(factory, 'deviceId', 'must be the id from the dashboard, without any whitespace')
  }
  if (simSubscriptionId !== undefined && !isWhole(simSubscriptionId)) {
    misconfigured(
      factory,
      'simSubscriptionId',
      'must be a whole number: the Android subscription id of a SIM',
    )
  }
  const timeoutSeconds = resolveTimeout(factory, options.timeoutSeconds)
  if (options.fetch !== undefined && typeof options.fetch !== 'function') {
    misconfigured(factory, 'fetch', 'must be a function such as the global fetch')
  }
  return {
    url: `${base}/gateway/devices/${encodeURIComponent(deviceId)}/send-sms`,
    devicesUrl: `${base}/gateway/devices`,
    deviceId,
    apiKey,
    simSubscriptionId,
    timeoutSeconds,
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  }
}

/** The base URL without a trailing slash. */
function baseOf(value: string): string {
  const { origin, pathname } = secureBaseUrl(factory, 'baseUrl', value)
  return `${origin}${pathname}`.replace(/\/+$/, '')
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
