/** Keeps test tools out of production. */

import { ConfigurationError } from './errors.js'

/**
 * Throws in production, before a test tool does anything. The message names the tool, `caller`.
 *
 * @throws ConfigurationError if `NODE_ENV` is `production`.
 */
export function assertNotProduction(
  caller: string,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (env['NODE_ENV'] !== 'production') return
  throw new ConfigurationError(
    `${caller} is for tests and refuses NODE_ENV=production; import passport-second-factor/testing in tests alone`,
  )
}
