/** The options of the verifier. */

import type { Channel } from '../../core/state.js'
import { accessKeys, resolveAccess, type ResolvedAccess, type TwilioAccess } from './access.js'
import { checkKeys, checkSid, misconfigured, resolveTimeout } from './options.js'
import type { TwilioVerifyClient } from './twilio-like.js'

/** What a Service Rate Limit counts. */
export type TwilioRateLimitKey = 'subject' | 'ip'

/** How `twilioVerify` is set up. */
export type TwilioVerifyOptions = TwilioAccess<TwilioVerifyClient> & {
  /** The Verify Service (`VA…`). */
  readonly serviceSid: string
  /** How codes may travel, the default first. Default `['sms']`. */
  readonly channels?: readonly Channel[] | undefined
  /** Digits of the Service's codes, as set in the Twilio Console. Default 6, 4 to 10. */
  readonly codeLength?: number | undefined
  /**
   * The Service's rate limits by their unique names, which must exist at Twilio, and what each
   * counts. Only a keyed hash of the user's id or address is sent. Default: none.
   */
  readonly rateLimits?: Readonly<Record<string, TwilioRateLimitKey>> | undefined
  /** Seconds until an answer counts as missing. Default 10, at most 14. */
  readonly timeoutSeconds?: number | undefined
}

/** The options, checked and filled in. */
export interface ResolvedVerifyOptions {
  readonly access: ResolvedAccess<TwilioVerifyClient>
  readonly serviceSid: string
  readonly channels: readonly Channel[]
  readonly codeLength: number
  readonly rateLimits: readonly RateLimit[]
  readonly timeoutSeconds: number
}

/** The unique name of a Service Rate Limit, and what it counts. */
export type RateLimit = readonly [name: string, key: TwilioRateLimitKey]

const factory = 'twilioVerify'
const knownKeys = [
  ...accessKeys,
  'serviceSid',
  'channels',
  'codeLength',
  'rateLimits',
  'timeoutSeconds',
] as const
const knownChannels: readonly unknown[] = ['sms', 'call', 'whatsapp'] satisfies Channel[]

/** Checks the options of `twilioVerify`. */
export function resolveVerifyOptions(options: TwilioVerifyOptions): ResolvedVerifyOptions {
  checkKeys(factory, options, knownKeys)
  const access = resolveAccess<TwilioVerifyClient>(factory, options, 'verify')
  const { serviceSid, codeLength = 6 } = options
  checkSid(factory, 'serviceSid', 'VA', serviceSid)
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10) {
    misconfigured(factory, 'codeLength', 'must be a whole number from 4 to 10')
  }
  return {
    access,
    serviceSid,
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
