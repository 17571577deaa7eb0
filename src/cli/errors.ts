/** What ends a command early, and the exit code that says so. */

import type { SecondFactorErrorCode } from '../core/errors.js'

/** The exit codes. */
export const exitCodes = {
  /** All went well. */
  ok: 0,
  /** Refused, not found, or not healthy. */
  refused: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** The configuration cannot be loaded, or the store does not answer. */
  config: 3,
} as const

/** Why a command ends early. Its message is for whoever typed the command. */
export class CommandLineError extends Error {
  readonly exitCode: number

  constructor(kind: 'refused' | 'usage' | 'config', message: string) {
    super(message)
    this.name = 'CommandLineError'
    this.exitCode = exitCodes[kind]
  }
}

const ourCodes: readonly SecondFactorErrorCode[] = [
  ...(['configuration_invalid', 'store_unavailable', 'directory_unavailable'] as const),
  ...(['audit_unavailable', 'session_unusable'] as const),
]

/** The code of an error of this package, by which it is known: the application may have a copy of its own. */
export function ourCodeOf(error: unknown): SecondFactorErrorCode | null {
  const code: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null
  return ourCodes.find((each) => each === code) ?? null
}
