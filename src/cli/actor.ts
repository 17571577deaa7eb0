/** The operator behind a command and their reason, for the event and the audit log. */

import type { ActionFacts } from '../core/admin.js'
import type { Typed } from './command.js'
import { CommandLineError } from './errors.js'

/** The options that name them. */
export const actorOptions = {
  by: { value: 'name', means: 'who does it, for the audit log (required)' },
  reason: { value: 'text', means: 'why, for the audit log (required)' },
} as const

/**
 * Reads both options.
 *
 * @throws CommandLineError if either is missing or cannot be recorded.
 */
export function actorOf({ values }: Pick<Typed, 'values'>): Required<ActionFacts> {
  return { actor: textOf(values, 'by'), reason: textOf(values, 'reason') }
}

function textOf(values: Typed['values'], name: string): string {
  const text = values[name]
  const isOneLine =
    typeof text === 'string' &&
    text.trim() !== '' &&
    text.length <= 200 &&
    !/[\p{Cc}\p{Cs}]/u.test(text)
  if (isOneLine) return text
  throw new CommandLineError(
    'usage',
    `give --${name}, with at most 200 characters and without control characters`,
  )
}
