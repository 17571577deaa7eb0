/** The type of the environment, and the error for a variable that cannot be used. */

import { ConfigurationError } from 'passport-second-factor'

/** The environment. An empty variable counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A variable that cannot be used. The message is one line that names it and contains no secret. */
export class SettingError extends Error {}

/**
 * Runs `make`. If it rejects an option of `factory`, the error names the variable that the option came from instead.
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

/** Returns an error's name and code, which are safe to log; the message may contain secrets. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const cause = 'parent' in error && error.parent instanceof Error ? error.parent : error
  return 'code' in cause && typeof cause.code === 'string'
    ? `${error.name} ${cause.code}`
    : error.name
}
