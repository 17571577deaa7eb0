/** Checks of single options. No message repeats a value, which may be a secret. */

import { ConfigurationError } from '../../core/errors.js'

const defaultTimeoutSeconds = 10

/** The flows wait 15 s for an answer; a later one would be nobody's. */
const longestTimeoutSeconds = 14

/** Throws a ConfigurationError that names the factory and the option. */
export function misconfigured(factory: string, option: string, remedy: string): never {
  throw new ConfigurationError(`${factory}: ${option} ${remedy}`)
}

/** Refuses options that do not exist, which are misspelt ones. */
export function checkKeys(factory: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      misconfigured(factory, key, `is not an option; the options are ${known.join(', ')}`)
    }
  }
}

/** Checks the form of a SID: two letters and 32 hexadecimal digits. */
export function checkSid(factory: string, option: string, prefix: string, sid: unknown): void {
  if (typeof sid === 'string' && new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(sid)) return
  misconfigured(
    factory,
    option,
    `must be ${prefix} and 32 hexadecimal digits, as the Twilio Console shows it`,
  )
}

/** Checks the form of a token or a key's secret. */
export function checkSecret(factory: string, option: string, secret: unknown): void {
  if (typeof secret === 'string' && /^\S+$/.test(secret)) return
  misconfigured(factory, option, 'must be a text without spaces, as the Twilio Console shows it')
}

/** The deadline in seconds. */
export function resolveTimeout(factory: string, seconds = defaultTimeoutSeconds): number {
  if (typeof seconds === 'number' && seconds > 0 && seconds <= longestTimeoutSeconds) return seconds
  return misconfigured(
    factory,
    'timeoutSeconds',
    `must be a number above 0, at most ${longestTimeoutSeconds}`,
  )
}

/** A URL that is `https:`, or `http:` on the loopback interface, with no credentials inside. */
export function secureUrl(factory: string, option: string, text: unknown): URL {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (url !== null && url.username === '' && url.password === '') {
    if (url.protocol === 'https:') return url
    if (url.protocol === 'http:' && isLoopback(url.hostname)) return url
  }
  return misconfigured(
    factory,
    option,
    'must be an https: URL without credentials; http: is taken for loopback only',
  )
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
