/** Checks the options that say which second factor a route needs. */

import { ConfigurationError } from '../core/errors.js'
import type { Need } from '../core/need.js'
import type { Method } from '../core/state.js'
import type { HttpContext } from './context.js'

/** The second factor that a route needs. */
export interface NeedOptions {
  /**
   * Step-up: the largest age of the second factor, in seconds.
   *
   * @default any active grant passes
   */
  readonly maxAgeSeconds?: number | undefined
  /**
   * The accepted methods, as grants name them. Methods that the session passed earlier count too.
   *
   * @default any method passes
   */
  readonly factors?: readonly Method[] | undefined
  /**
   * Accepts only methods whose evidence no other site can relay.
   *
   * @default false
   */
  readonly phishingResistant?: boolean | undefined
}

/** The names of these options. */
export const needNames: Readonly<Record<keyof NeedOptions, true>> = {
  maxAgeSeconds: true,
  factors: true,
  phishingResistant: true,
}

/**
 * Resolves the options; `caller` names them in errors.
 *
 * @throws ConfigurationError for an age that is not a positive number, or for methods that nobody could pass by.
 */
export function resolveNeed(
  { factors: configured }: Pick<HttpContext, 'factors'>,
  caller: string,
  { maxAgeSeconds, factors, phishingResistant = false }: NeedOptions,
): Need {
  if (maxAgeSeconds !== undefined && !(Number.isFinite(maxAgeSeconds) && maxAgeSeconds > 0)) {
    fail(`${caller}.maxAgeSeconds`, 'must be a number of seconds above 0')
  }
  if (typeof phishingResistant !== 'boolean') {
    fail(`${caller}.phishingResistant`, 'must be true or false')
  }
  const known = configured.map(({ method }) => method)
  const named: unknown = factors
  const areKnown =
    named === undefined ||
    (Array.isArray(named) &&
      named.length > 0 &&
      named.every((each) => known.includes(each as string)))
  if (!areKnown) {
    fail(`${caller}.factors`, `must be a list of configured methods, which are ${known.join(', ')}`)
  }
  if (factors === undefined && !phishingResistant) return { maxAgeSeconds }
  const methods = configured
    .filter(({ method }) => factors === undefined || factors.includes(method))
    .filter(({ isPhishingResistant }) => isPhishingResistant || !phishingResistant)
    .map(({ method }) => method)
  if (methods.length === 0) {
    fail(
      `${caller}.phishingResistant`,
      'needs a factor that resists phishing; add one to the option factors',
    )
  }
  return { maxAgeSeconds, methods }
}

function fail(option: string, remedy: string): never {
  throw new ConfigurationError(`${option} ${remedy}`, option)
}
