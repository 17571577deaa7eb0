/** What reads the environment shares: its type, and the one error for whatever in it cannot be used. */

import { ConfigurationError } from 'passport-second-factor'

/** An empty variable counts as one that is not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A setting that cannot be used. The message is one line that names the variable and holds no secret. */
export class SettingError extends Error {}

/**
 * Makes something of settings. What `factory` says of an option that it cannot use is told of the variable
 * that the option came from.
 */
export function inVariables<T>(
  factory: string,
  variables: Readonly<Record<string, string>>,
  make: () => T,
): T {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const told = Object.entries(variables).reduce(
      (message, [option, variable]) => message.replaceAll(factory + option, variable),
      error.message,
    )
    throw new SettingError(told)
  }
}

/** The name and the code of an error: all that may be told of one whose text may hold more. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const cause = 'parent' in error && error.parent instanceof Error ? error.parent : error
  return 'code' in cause && typeof cause.code === 'string'
    ? `${error.name} ${cause.code}`
    : error.name
}
