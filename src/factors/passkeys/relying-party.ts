/** Validates the domain and the origins of passkeys. They come from the options alone, never from a request. */

import { ConfigurationError } from '../../core/errors.js'

/** A domain in lower-case ASCII. The last label contains a letter, unlike that of an IPv4 address. */
const domain = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?=[^.]*[a-z])[a-z\d-]{2,63}$/

/**
 * Validates the domain.
 *
 * @throws ConfigurationError if browsers would reject it.
 */
export function checkedRpId(rpId: unknown): string {
  if (typeof rpId === 'string' && (rpId === 'localhost' || domain.test(rpId))) return rpId
  if (typeof rpId === 'string' && isAddress(rpId)) {
    fail(
      'rpId',
      `is the IP address ${rpId}, which browsers do not accept: give a domain such as 'example.com'; for ` +
        "development give 'localhost', with origins: ['http://localhost:3000'], and open that address in the browser",
    )
  }
  return fail(
    'rpId',
    "must be a domain such as 'example.com', in lower case and without scheme or port, or 'localhost'",
  )
}

/**
 * Validates the origins.
 *
 * @throws ConfigurationError for an origin on which the domain's passkeys would not work, or not safely.
 */
export function checkedOrigins(origins: unknown, rpId: string): readonly string[] {
  if (origins === undefined && rpId !== 'localhost') return [`https://${rpId}`]
  if (!Array.isArray(origins) || origins.length === 0) {
    return fail(
      'origins',
      `must be an array of origins such as ['https://${rpId}']` +
        (rpId === 'localhost' ? ", with the port: ['http://localhost:3000']" : ''),
    )
  }
  return origins.map((origin) => checkedOrigin(origin, rpId))
}

function checkedOrigin(origin: unknown, rpId: string): string {
  const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : null
  if (typeof origin !== 'string' || url?.origin !== origin) {
    return fail(
      'origins',
      `contains ${JSON.stringify(origin)}: an origin is only scheme, host and port, such as 'https://${rpId}'`,
    )
  }
  const { hostname, protocol } = url
  if (hostname !== rpId && !hostname.endsWith(`.${rpId}`)) {
    return fail(
      'origins',
      `contains ${origin}, where passkeys of ${rpId} do not work: its host must be ${rpId} or end in .${rpId}`,
    )
  }
  const isLocal = rpId === 'localhost' && protocol === 'http:'
  if (protocol !== 'https:' && !isLocal) {
    return fail('origins', `contains ${origin}: passkeys require https:, except on localhost`)
  }
  return origin
}

function isAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || text.includes(':')
}

function fail(option: string, problem: string): never {
  throw new ConfigurationError(`passkeys.${option} ${problem}`, `passkeys.${option}`)
}
