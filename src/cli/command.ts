/** What a command is. */

import type { CommandLineConfig } from './config.js'

/** What was typed behind a command's name. */
export interface Typed {
  readonly operands: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  /** Asks whoever typed the command; `null` where nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<string>) | null
}

/** What a command has to say: as lines for people, and as JSON for programs. */
export interface Report {
  readonly lines: readonly string[]
  readonly json: unknown
  /**
   * Whether the exit code is 1 all the same.
   *
   * @default false
   */
  readonly isBad?: boolean
}

interface Shared {
  /** What it does, in a line. */
  readonly summary: string
  /**
   * What stands behind its name, such as `<user>`; as many operands are required. A command with the option `phone` takes
   * it in place of the first.
   */
  readonly operands: readonly string[]
  /** Its options, with what each means; an option with `value` needs one. */
  readonly options: Readonly<Record<string, { readonly value?: string; readonly means: string }>>
}

/** A command. One without a configuration needs none. */
export type Command =
  | (Shared & { readonly needsConfig: false; run(typed: Typed): Promise<Report> })
  | (Shared & {
      readonly needsConfig: true
      run(typed: Typed, config: CommandLineConfig): Promise<Report>
    })
