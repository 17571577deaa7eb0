/** How long an audit log keeps its entries. */

import { ConfigurationError } from './errors.js'

const day = 86_400_000

/**
 * The option `keepDays` in milliseconds; 400 days unless it is given.
 *
 * @throws ConfigurationError where it is no whole number of days from 1 to 36,500.
 */
export function keepMilliseconds(
  owner: string,
  { keepDays = 400 }: { readonly keepDays?: number | undefined },
): number {
  if (Number.isSafeInteger(keepDays) && keepDays >= 1 && keepDays <= 36_500) return keepDays * day
  throw new ConfigurationError(
    `${owner}: keepDays must be whole days from 1 to 36,500`,
    `${owner}.keepDays`,
  )
}
