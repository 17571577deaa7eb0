/** Checks the retention period of an audit log. */

import { ConfigurationError } from './errors.js'

const day = 86_400_000

/**
 * Converts the option `keepDays` to milliseconds, with a default of 400 days.
 *
 * @throws ConfigurationError unless it is a whole number from 1 to 36,500.
 */
export function keepMilliseconds(
  owner: string,
  { keepDays = 400 }: { readonly keepDays?: number | undefined },
): number {
  if (Number.isSafeInteger(keepDays) && keepDays >= 1 && keepDays <= 36_500) return keepDays * day
  throw new ConfigurationError(
    `${owner}: keepDays must be a whole number of days from 1 to 36,500`,
    `${owner}.keepDays`,
  )
}
