/** The options of recovery codes and their validation. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import { mostCodes } from './rules/part.js'

/** The options of recovery codes. */
export interface RecoveryCodesOptions {
  /**
   * Number of codes in a set, 5 to 16.
   *
   * @default 10
   */
  readonly count?: number | undefined
}

const optionNames = { count: true } as const satisfies Record<keyof RecoveryCodesOptions, true>

const fewestCodes = 5

/** The dependencies of the recovery code factor. */
export interface RecoveryContext extends FactorTools {
  /** Number of codes in a new set. */
  readonly count: number
}

/**
 * Validates the options and makes the factor's dependencies.
 *
 * @throws ConfigurationError naming the invalid option and how to fix it.
 */
export function resolveRecoveryOptions(
  options: RecoveryCodesOptions,
  tools: FactorTools,
): RecoveryContext {
  assertKnownOptions('recoveryCodes', options, optionNames)
  const { count = 10 } = options
  if (Number.isInteger(count) && count >= fewestCodes && count <= mostCodes) {
    return { ...tools, count }
  }
  throw new ConfigurationError(
    `recoveryCodes.count must be a whole number from ${fewestCodes} to ${mostCodes}`,
    'recoveryCodes.count',
  )
}
