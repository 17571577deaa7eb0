/** Checks the URLs in options: codes and credentials must travel over https, or stay on this machine. */

import { misconfigured } from './misconfigured.js'

/**
 * Parses a URL that is `https:`, or `http:` on loopback, without a user or password in it.
 *
 * @throws ConfigurationError for anything else; the message does not repeat the URL.
 */
export function secureUrl(factory: string, option: string, value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null
  if (url !== null && url.username === '' && url.password === '') {
    if (url.protocol === 'https:') return url
    if (url.protocol === 'http:' && isLoopback(url.hostname)) return url
  }
  return misconfigured(
    factory,
    option,
    'must be an https: URL without a user or password; http: is allowed on loopback only, such as 127.0.0.1',
  )
}

/**
 * Parses a secure URL that paths are appended to, which is why it takes no query and no fragment.
 *
 * @throws ConfigurationError for anything else; the message does not repeat the URL.
 */
export function secureBaseUrl(factory: string, option: string, value: unknown): URL {
  const url = secureUrl(factory, option, value)
  if (url.search === '' && url.hash === '') return url
  return misconfigured(factory, option, 'must have no query and no fragment')
}

/** `URL` has already normalised every spelling of an IPv4 address to four decimal numbers. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}
