/** What is sent to Twilio Verify to start a verification. */

import { createHmac } from 'node:crypto'
import { isIP } from 'node:net'

import type { HostedStart } from '../../ports/hosted-verifier.js'
import { verifyLocale } from './locale.js'
import type { TwilioVerification } from './twilio-like.js'
import type { RateLimit, TwilioRateLimitKey } from './verify-options.js'

/** Hashes a user's id or address for a rate limit. */
export type HashKey = (key: TwilioRateLimitKey, value: string) => string

/** The parameters of a start. What is not known, or would be refused, is left out. */
export function verificationOf(
  { to, channel, locale, subject, clientIp }: HostedStart,
  limits: readonly RateLimit[],
  hash: HashKey,
): TwilioVerification {
  const language = verifyLocale(locale)
  const ip = addressOf(clientIp)
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

/** An address that Twilio takes: no IPv4 dressed as IPv6, no zone, and nothing else a proxy made up. */
function addressOf(clientIp: string | null): string | null {
  const address = clientIp?.replace(/^::ffff:(?=\d+\.)/i, '') ?? ''
  return isIP(address) === 0 || address.includes('%') ? null : address
}

/** Hashes with a key that Twilio and this account share: a bare hash of an address is easily searched. */
export function hashWith(secret: string): HashKey {
  return (key, value) =>
    createHmac('sha256', secret)
      .update(`passport-second-factor rate limit v1\0${key}\0${value}`)
      .digest('hex')
}
