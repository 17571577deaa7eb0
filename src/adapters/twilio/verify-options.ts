/** The options of `twilioVerify`, checked once at construction. */

import { assertKnownOptions } from '../../core/known-options.js'
import type { Channel } from '../../factors/phone/rules/part.js'
import { resolveTimeout } from '../http/deadline.js'
import { misconfigured } from '../http/misconfigured.js'
import { accessOptions, resolveAccess, type ResolvedAccess, type TwilioAccess } from './access.js'
import { checkSid } from './options.js'
import type { TwilioVerifyClient } from './twilio-like.js'

/** The value that a Service Rate Limit counts by: the user's id or the IP address. */
export type TwilioRateLimitKey = 'subject' | 'ip'

/** Options of `twilioVerify`. */
export type TwilioVerifyOptions = TwilioAccess<TwilioVerifyClient> & {
  /** The Verify Service (`VA…`). */
  readonly serviceSid: string
  /**
   * A second Verify Service (`VA…`), for phones that are not known to be the user's: phones being enrolled, and phones at
   * endpoints without a login. Twilio keeps one verification per phone and Service. With a single Service, a stranger who
   * enters somebody's phone shares the verification of that person's login, with its five checks and five messages in ten
   * minutes. With two, only the user reaches it.
   *
   * @default serviceSid
   */
  readonly enrolmentServiceSid?: string | undefined
  /**
   * The channels for codes, the default first.
   *
   * @default ['sms']
   */
  readonly channels?: readonly Channel[] | undefined
  /**
   * Digits of the Service's codes, as set in the Twilio Console; 4 to 10.
   *
   * @default 6
   */
  readonly codeLength?: number | undefined
  /**
   * The Service's rate limits by unique name, each with the value that it counts by. They must exist
   * at Twilio, which receives only a keyed hash of the user's id or IP address.
   *
   * @default {}
   */
  readonly rateLimits?: Readonly<Record<string, TwilioRateLimitKey>> | undefined
  /**
   * Timeout of one call, in seconds; at most 14.
   *
   * @default 10
   */
  readonly timeoutSeconds?: number | undefined
}

/** The options, checked and with defaults filled in. */
export interface ResolvedVerifyOptions {
  readonly access: ResolvedAccess<TwilioVerifyClient>
  readonly serviceSid: string
  readonly enrolmentServiceSid: string
  readonly channels: readonly Channel[]
  readonly codeLength: number
  readonly rateLimits: readonly RateLimit[]
  readonly timeoutSeconds: number
}

/** The unique name of a Service Rate Limit, and the value that it counts by. */
export type RateLimit = readonly [name: string, key: TwilioRateLimitKey]

const factory = 'twilioVerify'
const knownOptions: Readonly<Record<keyof TwilioVerifyOptions, true>> = {
  ...accessOptions,
  serviceSid: true,
  enrolmentServiceSid: true,
  channels: true,
  codeLength: true,
  rateLimits: true,
  timeoutSeconds: true,
}
const knownChannels: readonly unknown[] = ['sms', 'call', 'whatsapp'] satisfies Channel[]

/**
 * Checks the options of `twilioVerify` and fills in the defaults.
 *
 * @throws ConfigurationError naming the option that cannot be used.
 */
export function resolveVerifyOptions(options: TwilioVerifyOptions): ResolvedVerifyOptions {
  assertKnownOptions(factory, options, knownOptions)
  const access = resolveAccess<TwilioVerifyClient>(factory, options, 'verify')
  const { serviceSid, enrolmentServiceSid = serviceSid, codeLength = 6 } = options
  checkSid(factory, 'serviceSid', 'VA', serviceSid)
  checkSid(factory, 'enrolmentServiceSid', 'VA', enrolmentServiceSid)
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10) {
    misconfigured(factory, 'codeLength', 'must be a whole number from 4 to 10')
  }
  return {
    access,
    serviceSid,
    enrolmentServiceSid,
    codeLength,
    channels: resolveChannels(options.channels),
    rateLimits: resolveRateLimits(options.rateLimits),
    timeoutSeconds: resolveTimeout(factory, options.timeoutSeconds),
  }
}

function resolveChannels(channels: readonly Channel[] = ['sms']): readonly Channel[] {
  const unique = new Set<Channel>(Array.isArray(channels) ? channels : [])
  if (unique.size === 0 || ![...unique].every((channel) => knownChannels.includes(channel))) {
    misconfigured(factory, 'channels', `must list one or more of 'sms', 'call', 'whatsapp'`)
  }
  return Object.freeze([...unique])
}

function resolveRateLimits(
  limits: Readonly<Record<string, TwilioRateLimitKey>> = {},
): readonly RateLimit[] {
  const entries = Object.entries(limits)
  for (const [name, key] of entries as [string, unknown][]) {
    if (name === '' || (key !== 'subject' && key !== 'ip')) {
      misconfigured(
        factory,
        'rateLimits',
        `must map names of the Service's limits to 'subject' or 'ip'`,
      )
    }
  }
  return entries
}
