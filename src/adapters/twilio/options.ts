/** Checks the options that Twilio's adapters share. No message repeats a value, which may be a secret. */

import { misconfigured } from '../http/misconfigured.js'

/**
 * Checks the form of a SID: two letters and 32 hexadecimal digits.
 *
 * @throws ConfigurationError naming the option.
 */
export function checkSid(factory: string, option: string, prefix: string, sid: unknown): void {
  if (typeof sid === 'string' && new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(sid)) return
  misconfigured(
    factory,
    option,
    `must be ${prefix} and 32 hexadecimal digits, as shown in the Twilio Console`,
  )
}

/**
 * Checks the form of an auth token or of an API key's secret.
 *
 * @throws ConfigurationError naming the option.
 */
export function checkSecret(factory: string, option: string, secret: unknown): void {
  if (typeof secret === 'string' && /^\S+$/.test(secret)) return
  misconfigured(factory, option, 'must be a string without spaces, as shown in the Twilio Console')
}
