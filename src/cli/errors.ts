/** Errors of the command line, and the exit codes. */

import type { SecondFactorErrorCode } from '../core/errors.js'

/** The exit codes. */
export const exitCodes = {
  /** Success. */
  ok: 0,
  /** Refused, not found, or not healthy. */
  refused: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The configuration cannot be loaded, or the store does not respond. */
  config: 3,
} as const

/** Ends a command early. The message is printed for the operator. */
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

/** Recognises this package's errors by code, not class, because the application may have another copy of the package. */
export function ourCodeOf(error: unknown): SecondFactorErrorCode | null {
  const code: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null
  return ourCodes.find((each) => each === code) ?? null
}
