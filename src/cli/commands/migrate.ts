/** `migrate`: runs the migrations, or lists those that are pending. */

import type { Command } from '../command.js'
import { CommandLineError } from '../errors.js'

/** Runs or lists migrations. */
export const migrate: Command = {
  summary: 'Runs the pending migrations.',
  operands: [],
  options: { check: { means: 'only lists them, and exits with 1 if there are any' } },
  needsConfig: true,
  async run({ values }, { migrations }) {
    if (migrations === undefined) {
      throw new CommandLineError(
        'refused',
        'no migrations: give migrations in the configuration, such as your Umzug',
      )
    }
    const isCheck = values['check'] === true
    const found = isCheck ? await migrations.pending() : await migrations.up()
    const names = found.map(({ name }) => name)
    const lines = names.map((name) => `${isCheck ? 'pending' : 'done'}  ${name}`)
    return {
      json: isCheck ? { pending: names } : { done: names },
      lines: names.length === 0 ? ['nothing is pending'] : lines,
      isBad: isCheck && names.length > 0,
    }
  },
}
