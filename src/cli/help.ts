/** The help texts of the command line. */

import type { Command } from './command.js'
import { columns } from './output.js'

const program = 'passport-second-factor'

/** Lists all commands. */
export function help(commands: Readonly<Record<string, Command>>): string[] {
  return [
    `${program} <command> [--config <file>] [--json]`,
    '',
    ...columns(Object.entries(commands).map(([name, { summary }]) => [name, summary])),
    '',
    'The configuration is your own: a file second-factor.config.mjs that exports { secondFactor, … } by default.',
    'Exit codes: 0 success, 1 refused or unhealthy, 2 wrong usage, 3 no configuration or no store.',
  ]
}

/** Explains one command. */
export function usageOf(name: string, { summary, operands, options }: Command): string[] {
  const typed = [
    ...operands.map((operand) => `<${operand}>`),
    ...Object.entries(options).map(([option, { value }]) =>
      value === undefined ? `[--${option}]` : `[--${option} <${value}>]`,
    ),
  ]
  return [
    `usage: ${[program, name, ...typed].join(' ')}`,
    summary,
    ...columns(Object.entries(options).map(([option, { means }]) => [`--${option}`, means])),
  ]
}
