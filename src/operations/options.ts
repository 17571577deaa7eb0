/** Checks the option `operations`. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { CountStore } from '../ports/count-store.js'

/** Options of the operators' pages. */
export interface OperationsOptions {
  /**
   * Counts events of all processes for seven days: `sequelizeCounts`, `redisCounts`, `memoryCounts`, or your own. It
   * may be the same as in `limits`. The events of a second are written in one call; `secondFactor.close()` writes the
   * rest.
   *
   * @default none: no counts, and no plots
   */
  readonly counts?: CountStore | undefined
}

/**
 * The count store in the options, or `null`.
 *
 * @throws ConfigurationError if it is not a count store.
 */
export function resolveOperations(options: OperationsOptions = {}): CountStore | null {
  assertKnownOptions('operations', options, { counts: true })
  const { counts } = options
  if (counts === undefined) return null
  const given: object = typeof counts === 'object' && (counts as object | null) ? counts : {}
  const isWhole = ['add', 'series'].every((verb) => typeof Reflect.get(given, verb) === 'function')
  if (isWhole) return counts
  throw new ConfigurationError(
    'operations.counts needs the methods add and series; use sequelizeCounts({ sequelize })',
    'operations.counts',
  )
}
