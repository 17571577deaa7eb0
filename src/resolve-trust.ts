/** Checks the option `trustedDevices`. */

import { ConfigurationError } from './core/errors.js'
import { assertKnownOptions } from './core/known-options.js'
import type { Policy } from './core/policy.js'
import type { HttpContext } from './express/context.js'
import { plainCookie, secureCookie } from './express/device-cookie.js'

/** Devices on which people are not asked for the second factor again. */
export interface TrustedDevicesOptions {
  /**
   * Days that a device is trusted, 1 to 30. No use prolongs it.
   *
   * @default 30
   */
  readonly days?: number | undefined
  /**
   * Whether logins that show the password alone are accepted although `policy.standards` is `'strict'`. On a trusted
   * device nobody passes a second factor: such a session reaches AAL1 (NIST SP 800-63B-4), and says so in `aal` and `amr`.
   *
   * @default false
   */
  readonly acceptAal1?: boolean | undefined
  /**
   * Whether a logout ends the trust in the device it happens on.
   *
   * @default false
   */
  readonly forgetOnLogout?: boolean | undefined
  /**
   * `{ secure: false }` sets the cookie over plain HTTP as well, for development on a host other than localhost.
   * Refused in production.
   *
   * @default { secure: true }
   */
  readonly cookie?: { readonly secure: boolean } | undefined
}

const longest = 30

/**
 * How devices are trusted; `null` where none is.
 *
 * @throws ConfigurationError for an option that cannot be used, and with strict standards that nobody has relaxed.
 */
export function resolveTrust(
  options: TrustedDevicesOptions | undefined,
  { standards }: Policy,
): HttpContext['trust'] {
  if (options === undefined) return null
  assertKnownOptions('trustedDevices', options, {
    days: true,
    acceptAal1: true,
    forgetOnLogout: true,
    cookie: true,
  })
  const { days = longest, acceptAal1 = false, forgetOnLogout = false, cookie } = options
  if (!(Number.isInteger(days) && days >= 1 && days <= longest)) {
    fail('trustedDevices.days', `must be a whole number of days from 1 to ${longest}`)
  }
  if (standards === 'strict' && !acceptAal1) {
    fail(
      'trustedDevices',
      `lets people in by the password alone, which policy.standards 'strict' promises not to do (NIST SP 800-63B-4, ` +
        'AAL2): leave it out, or accept it by trustedDevices: { acceptAal1: true }',
    )
  }
  if (typeof forgetOnLogout !== 'boolean') {
    fail('trustedDevices.forgetOnLogout', 'must be true or false')
  }
  const isPlain = cookie?.secure === false
  if (isPlain && process.env['NODE_ENV'] === 'production') {
    fail('trustedDevices.cookie', 'must be secure in production; serve the application over HTTPS')
  }
  return { days, forgetOnLogout, cookie: isPlain ? plainCookie : secureCookie }
}

function fail(option: string, remedy: string): never {
  throw new ConfigurationError(`${option} ${remedy}`, option)
}
