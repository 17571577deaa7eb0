/** The options of recovery codes, checked once. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import { mostCodes } from './rules/part.js'

/** How many recovery codes people get. */
export interface RecoveryCodesOptions {
  /**
   * Codes of a set, 5 to 16.
   *
   * @default 10
   */
  readonly count?: number | undefined
}

const optionNames = { count: true } as const satisfies Record<keyof RecoveryCodesOptions, true>

const fewestCodes = 5

/** What recovery codes work with. */
export interface RecoveryContext extends FactorTools {
  /** Codes of a new set. */
  readonly count: number
}

/**
 * Checks the options, and makes what the factor works with.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
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
