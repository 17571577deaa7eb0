/** The options of the authenticator app, checked once. */

import { ConfigurationError } from '../../core/errors.js'
import { assertKnownOptions } from '../../core/known-options.js'
import { createSeal } from '../../core/seal.js'
import type { FactorTools } from '../../ports/factor-tools.js'
import type { TotpContext } from './context.js'

/** How authenticator apps are set up and judged. Codes have 6 digits for 30 seconds, as every app makes them. */
export interface TotpOptions {
  /**
   * The application's name as apps show it.
   *
   * @default `appName`
   */
  readonly issuer?: string | undefined
  /**
   * Steps of 30 seconds that the clock of an app may be ahead or behind: 0 or 1; 2 with relaxed standards.
   *
   * @default 1
   */
  readonly driftSteps?: number | undefined
  /**
   * What an app is called in a person's list of factors until they give it a name.
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

/** Nobody calls anything by a longer name than this. */
const maxNameLength = 64

/**
 * Checks the options, and makes what the factor works with.
 *
 * @throws ConfigurationError naming the option that cannot be used, and the remedy.
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
