/** Builds the request that starts a verification at Twilio Verify. */

import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'

import type { HostedStart } from '../../factors/phone/ports/hosted-verifier.js'
import { verifyLocale } from './locale.js'
import type { TwilioVerification } from './twilio-like.js'
import type { RateLimit, TwilioRateLimitKey } from './verify-options.js'

/** Hashes a user's id or IP address for a rate limit. */
export type HashKey = (key: TwilioRateLimitKey, value: string) => string

/** Builds the parameters of a start. Values that are unknown, or that Twilio would refuse, are omitted. */
export function verificationOf(
  { to, channel, locale, subject, clientIp }: HostedStart,
  limits: readonly RateLimit[],
  hash: HashKey,
): TwilioVerification {
  const language = verifyLocale(locale)
  const ip = validIp(clientIp)
  const values = { subject, ip }
  const rateLimits: Record<string, string> = {}
  for (const [name, key] of limits) {
    const value = values[key]
    if (value !== null) rateLimits[name] = hash(key, value)
  }
  return {
    to,
    channel,
    ...(language === undefined ? {} : { locale: language }),
    ...(Object.keys(rateLimits).length === 0 ? {} : { rateLimits }),
    ...(ip === null ? {} : { deviceIp: ip }),
  }
}

/** The address in a form that Twilio accepts: IPv4-mapped IPv6 as IPv4, no zone, no other proxy output. */
function validIp(clientIp: string | null): string | null {
  const address = clientIp?.replace(/^::ffff:(?=\d+\.)/i, '') ?? ''
  return isIP(address) === 0 || address.includes('%') ? null : address
}

/** Keys the hash with a secret: an unkeyed hash of an IP address is reversed by brute force. */
export function hashWith(secret: string): HashKey {
  return (key, value) =>
    createHmac('sha256', secret)
      .update(`passport-second-factor rate limit v1\0${key}\0${value}`)
      .digest('hex')
}
