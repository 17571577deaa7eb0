/** Validates the option `trustedDevices`. */

import { ConfigurationError } from './core/errors.js'
import { assertKnownOptions } from './core/known-options.js'
import type { Policy } from './core/policy.js'
import type { HttpContext } from './express/context.js'
import { plainCookie, secureCookie } from './express/device-cookie.js'

/** The policy for trusted devices, on which users skip the second factor. */
export interface TrustedDevicesOptions {
  /**
   * Days that a device is trusted, 1 to 30. Logins do not extend it.
   *
   * @default 30
   */
  readonly days?: number | undefined
  /**
   * True to allow trusted devices although `policy.standards` is `'strict'`. A login on a trusted device uses the
   * password alone, so its session only reaches AAL1 (NIST SP 800-63B-4), as its `aal` and `amr` show.
   *
   * @default false
   */
  readonly acceptAal1?: boolean | undefined
  /**
   * True if a logout also stops trusting the device it happens on.
   *
   * @default false
   */
  readonly forgetOnLogout?: boolean | undefined
  /**
   * `{ secure: false }` also sets the cookie over plain HTTP, for development on a host other than localhost. Not
   * allowed in production.
   *
   * @default { secure: true }
   */
  readonly cookie?: { readonly secure: boolean } | undefined
}

const longest = 30

/**
 * Resolves the policy for trusted devices; `null` if the option is absent.
 *
 * @throws ConfigurationError for an invalid option, and with strict standards unless `acceptAal1` is true.
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
      `lets users log in with the password alone, which policy.standards 'strict' rules out (NIST SP 800-63B-4, ` +
        'AAL2): leave it out, or accept it with trustedDevices: { acceptAal1: true }',
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
