/** The option `operations`, checked once. */

import { ConfigurationError } from '../core/errors.js'
import { assertKnownOptions } from '../core/known-options.js'
import type { CountStore } from '../ports/count-store.js'

/** What the pages of operators rest on. */
export interface OperationsOptions {
  /**
   * Counts what happens, over all processes, for seven days: `sequelizeCounts`, `redisCounts`, `memoryCounts`, or your own.
   * It may be the one of `limits`. Events of a second are written in one call; close it by `secondFactor.close()`.
   *
   * @default nothing is counted, and there are no plots
   */
  readonly counts?: CountStore | undefined
}

/**
 * The counts that the options name, or `null`.
 *
 * @throws ConfigurationError where they are none.
 */
export function resolveOperations(options: OperationsOptions = {}): CountStore | null {
  assertKnownOptions('operations', options, { counts: true })
  const { counts } = options
  if (counts === undefined) return null
  const given: object = typeof counts === 'object' && (counts as object | null) ? counts : {}
  const isWhole = ['add', 'series'].every((verb) => typeof Reflect.get(given, verb) === 'function')
  if (isWhole) return counts
  throw new ConfigurationError(
    'operations.counts needs add and series; give sequelizeCounts({ sequelize })',
    'operations.counts',
  )
}
