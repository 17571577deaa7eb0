/** The options of authenticator apps and their validation. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import { createSeal } from '../../core/seal.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { TotpContext } from './context.js'

/** The options of authenticator apps. Codes always have 6 digits and a period of 30 seconds, as every app supports. */
export interface TotpOptions {
  /**
   * The application's name in apps.
   *
   * @default `appName`
   */
  readonly issuer?: string | undefined
  /**
   * Steps of 30 seconds that an app's clock may be ahead or behind: 0 or 1, or 2 with relaxed standards.
   *
   * @default 1
   */
  readonly driftSteps?: number | undefined
  /**
   * The name of an app in the user's list of factors until they rename it.
   *
   * @default 'Authenticator app'
   */
  readonly name?: string | undefined
}

const optionNames = {
  issuer: true,
  driftSteps: true,
  name: true,
} as const satisfies Record<keyof TotpOptions, true>

/** Maximum length of the default name. */
const maxNameLength = 64

/**
 * Validates the options and makes the factor's dependencies.
 *
 * @throws ConfigurationError naming the invalid option and how to fix it.
 */
export function resolveTotpOptions(options: TotpOptions, tools: FactorTools): TotpContext {
  assertKnownOptions('totp', options, optionNames)
  const { issuer = tools.appName, driftSteps = 1, name = 'Authenticator app' } = options
  if (typeof issuer !== 'string') {
    throw new ConfigurationError('totp.issuer must be a string', 'totp.issuer')
  }
  if (typeof name !== 'string' || name.trim() === '' || name.length > maxNameLength) {
    throw new ConfigurationError(
      `totp.name must be a string of 1 to ${maxNameLength} characters`,
      'totp.name',
    )
  }
  const isStrict = tools.policy.standards === 'strict'
  const most = isStrict ? 1 : 2
  if (!Number.isInteger(driftSteps) || driftSteps < 0 || driftSteps > most) {
    throw new ConfigurationError(
      `totp.driftSteps must be a whole number from 0 to ${most}` +
        (isStrict ? `, or up to 2 with policy.standards 'relaxed'` : ''),
      'totp.driftSteps',
    )
  }
  return { ...tools, seal: createSeal(tools.keys()), issuer, driftSteps, name }
}
