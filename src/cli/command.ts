/** The interface of a command. */

import type { CommandLineConfig } from './config.js'

/** The words typed after a command's name. */
export interface Typed {
  readonly operands: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  /** Asks a question at the terminal; `null` without a terminal. */
  readonly ask: ((question: string) => Promise<string>) | null
}

/** The output of a command: lines for people, JSON for programs. */
export interface Report {
  readonly lines: readonly string[]
  readonly json: unknown
  /**
   * True if the command ran, but the exit code is 1 because of what it found.
   *
   * @default false
   */
  readonly isBad?: boolean
}

interface Shared {
  /** One line about what it does. */
  readonly summary: string
  /**
   * The operands after its name, such as `<user>`; all are required. A command with the option `phone` takes it in place of
   * the first operand.
   */
  readonly operands: readonly string[]
  /** Its options, each with a line of help; an option with `value` takes one. */
  readonly options: Readonly<Record<string, { readonly value?: string; readonly means: string }>>
}

/** A command, with or without the application's configuration. */
export type Command =
  | (Shared & { readonly needsConfig: false; run(typed: Typed): Promise<Report> })
  | (Shared & {
      readonly needsConfig: true
      run(typed: Typed, config: CommandLineConfig): Promise<Report>
    })
