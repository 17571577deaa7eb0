/** Rejects options that do not exist, which are misspelt ones. */

import { ConfigurationError } from './errors.js'

/**
 * Checks the names of options.
 *
 * @throws ConfigurationError naming the option that does not exist, and those that do.
 */
export function assertKnownOptions(
  owner: string,
  options: object,
  known: Readonly<Record<string, true>>,
): void {
  const stray = Object.keys(options).find((name) => !Object.hasOwn(known, name))
  if (stray === undefined) return
  throw new ConfigurationError(
    `${owner}: ${stray} is not an option; the options are ${Object.keys(known).join(', ')}`,
    owner === 'createSecondFactor' ? stray : `${owner}.${stray}`,
  )
}
