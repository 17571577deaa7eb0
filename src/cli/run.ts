/** Parses a command line, runs the command, and prints its report. */

import { parseArgs } from 'node:util'

import type { Command, Report, Typed } from './command.js'
import { reset, revoke, unlock } from './commands/actions.js'
import { doctor } from './commands/doctor.js'
import { forgetPhone } from './commands/forget-phone.js'
import { history } from './commands/history.js'
import { limits } from './commands/limits.js'
import { migrate } from './commands/migrate.js'
import { newSecret } from './commands/new-secret.js'
import { prune } from './commands/prune.js'
import { schema } from './commands/schema.js'
import { secrets } from './commands/secrets.js'
import { status } from './commands/status.js'
import { loadConfig } from './config.js'
import { CommandLineError, exitCodes, ourCodeOf } from './errors.js'
import { help, usageOf } from './help.js'
import { printable, printableJson } from './output.js'

/** All commands by name. */
const commands: Readonly<Record<string, Command>> = {
  status,
  history,
  unlock,
  reset,
  revoke,
  limits,
  'forget-phone': forgetPhone,
  prune,
  migrate,
  schema,
  doctor,
  secrets,
  'new-secret': newSecret,
}

/** The output and input of a run. */
export interface Streams {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
  /** Asks a question at the terminal; absent without a terminal. */
  readonly ask?: ((question: string) => Promise<string>) | undefined
}

/** Runs a command line (without `node` and the script); returns the exit code. */
export async function run(words: readonly string[], streams: Streams): Promise<number> {
  const isJson = words.includes('--json')
  try {
    const [name = 'help', ...rest] = words
    if (/^(?:help|--help|-h)$/.test(name)) {
      help(commands).forEach(streams.out)
      return exitCodes.ok
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (command === undefined) {
      throw new CommandLineError('usage', `there is no command ${printable(name)}; try help`)
    }
    if (rest.includes('--help')) {
      usageOf(name, command).forEach(streams.out)
      return exitCodes.ok
    }
    const report = await perform(command, parse(name, command, rest, streams.ask ?? null))
    if (isJson) streams.out(printableJson(report.json))
    else report.lines.map(printable).forEach(streams.out)
    return report.isBad === true ? exitCodes.refused : exitCodes.ok
  } catch (error) {
    const { exitCode, message, code } = failureOf(error)
    if (isJson) streams.out(printableJson({ error: { code, message } }))
    else streams.error(printable(message))
    return exitCode
  }
}

async function perform(command: Command, typed: Typed): Promise<Report> {
  if (!command.needsConfig) return command.run(typed)
  const { config: named } = typed.values
  const config = await loadConfig(typeof named === 'string' ? named : undefined)
  try {
    return await command.run(typed, config)
  } finally {
    // It may hold audit entries that are not written yet.
    await config.secondFactor.close?.()
    await config.close?.()
  }
}

function parse(name: string, command: Command, words: readonly string[], ask: Typed['ask']): Typed {
  const own = Object.entries(command.options).map(
    ([option, { value }]) =>
      [option, { type: value === undefined ? 'boolean' : 'string' } as const] as const,
  )
  try {
    const parsed = parseArgs({
      args: [...words],
      options: {
        ...Object.fromEntries(own),
        json: { type: 'boolean' },
        ...(command.needsConfig ? { config: { type: 'string' } as const } : {}),
      },
      allowPositionals: true,
    })
    const values: Typed['values'] = parsed.values
    const { positionals } = parsed
    const replaced = values['phone'] === undefined ? 0 : 1
    if (positionals.length === command.operands.length - replaced) {
      return { values, operands: positionals, ask }
    }
  } catch {
    // Node's message only repeats what was typed; the usage helps more.
  }
  throw new CommandLineError('usage', usageOf(name, command)[0] ?? '')
}

/** Reports a fault only in this package's words, because its cause may contain credentials. */
function failureOf(error: unknown): {
  readonly exitCode: number
  readonly code: string
  readonly message: string
} {
  if (error instanceof CommandLineError) {
    const { exitCode, message } = error
    const code =
      exitCode === exitCodes.usage ? 'usage' : exitCode === exitCodes.config ? 'config' : 'refused'
    return { exitCode, code, message }
  }
  const ours = ourCodeOf(error)
  if (error instanceof Error && ours !== null) {
    return { exitCode: exitCodes.config, code: ours, message: `${ours}: ${error.message}` }
  }
  const name = error instanceof Error ? error.name : 'error'
  const message =
    `the command failed: something in the configuration threw ${name}. Its message may contain credentials, so it is ` +
    'not shown; run that part from the application to see it'
  return { exitCode: exitCodes.config, code: 'failed', message }
}
