/** Asks the operator before a command changes something. */

import type { Typed } from './command.js'
import { CommandLineError } from './errors.js'
import { printable } from './output.js'

/** The option that confirms in advance. */
export const yesOption = {
  yes: { means: 'does not ask; required without a terminal' },
} as const

/**
 * Asks for confirmation, unless `--yes` is given.
 *
 * @throws CommandLineError if the answer is not yes, or if nobody can be asked.
 */
export async function confirm(what: string, { values, ask }: Typed): Promise<void> {
  if (values['yes'] === true) return
  if (ask === null) {
    throw new CommandLineError('usage', 'there is no terminal to ask at: add --yes')
  }
  if (/^y(?:es)?$/i.test((await ask(`${printable(what)}? [y/N] `)).trim())) return
  throw new CommandLineError('refused', 'nothing was done')
}
