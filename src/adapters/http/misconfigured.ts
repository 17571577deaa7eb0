/** Rejects an option that an adapter cannot use. */

import { ConfigurationError } from '../../core/errors.js'

/**
 * Throws for one option of an adapter. The remedy must not repeat the value, which may be a secret.
 *
 * @throws ConfigurationError naming the factory and the option.
 */
export function misconfigured(factory: string, option: string, remedy: string): never {
  throw new ConfigurationError(`${factory}: ${option} ${remedy}`, option)
}
