/** The domain and the origins that passkeys are bound to, checked once. No request ever changes them. */

import { ConfigurationError } from '../../core/errors.js'

/** The domain alone, in lower case and ASCII; the last label has a letter in it, unlike that of an IPv4 address. */
const domain = /^(?=.{1,253}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?=[^.]*[a-z])[a-z\d-]{2,63}$/

/**
 * Checks the domain.
 *
 * @throws ConfigurationError where browsers would take it for none.
 */
export function checkedRpId(rpId: unknown): string {
  if (typeof rpId === 'string' && (rpId === 'localhost' || domain.test(rpId))) return rpId
  if (typeof rpId === 'string' && isAddress(rpId)) {
    fail(
      'rpId',
      `is the IP address ${rpId}, and browsers bind no passkey to one: give a domain such as 'example.com'; for ` +
        "development give 'localhost', with origins: ['http://localhost:3000'], and open that address in the browser",
    )
  }
  return fail(
    'rpId',
    "must be the domain alone, such as 'example.com', in lower case and without scheme or port; or 'localhost'",
  )
}

/**
 * Checks the origins.
 *
 * @throws ConfigurationError for one on which the domain's passkeys could not be used, or not safely.
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
      `holds ${JSON.stringify(origin)}: an origin is scheme, host and port alone, such as 'https://${rpId}'`,
    )
  }
  const { hostname, protocol } = url
  if (hostname !== rpId && !hostname.endsWith(`.${rpId}`)) {
    return fail(
      'origins',
      `holds ${origin}, where passkeys of ${rpId} cannot be used: its host must be ${rpId} or end in .${rpId}`,
    )
  }
  const isLocal = rpId === 'localhost' && protocol === 'http:'
  if (protocol !== 'https:' && !isLocal) {
    return fail(
      'origins',
      `holds ${origin}: browsers have passkeys on https: alone, but for localhost`,
    )
  }
  return origin
}

function isAddress(text: string): boolean {
  return /^[\d.]+$/.test(text) || text.includes(':')
}

function fail(option: string, problem: string): never {
  throw new ConfigurationError(`passkeys.${option} ${problem}`, `passkeys.${option}`)
}
