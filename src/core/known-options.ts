/** Rejects unknown options, which catches misspelt ones. */

import { ConfigurationError } from './errors.js'

/**
 * Checks that every option is known.
 *
 * @throws ConfigurationError naming the unknown option and listing the known ones.
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
