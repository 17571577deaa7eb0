/** Runs commands in this process with a configuration file, which is faster than a process for each. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll } from 'vitest'

import type { CommandLineConfig } from '../../src/index.js'
import { run } from '../../src/cli/run.js'
import type { Ran } from './command-line.js'

/** Configurations that files hand over, by the names of the files. */
const configs = new Map<string, unknown>()
Reflect.set(globalThis, 'secondFactorConfigs', configs)

/** Runs commands. `answer` is typed at a terminal; without it there is none. */
export type RunHere = (
  words: readonly string[],
  answer?: string,
) => Promise<Ran & { readonly asked: readonly string[] }>

/** Makes a runner on a configuration. */
export function commandsHere(config: Partial<CommandLineConfig> | object): RunHere {
  const folder = mkdtempSync(join(tmpdir(), 'second-factor-command-'))
  const file = join(folder, 'second-factor.config.mjs')
  configs.set(file, config)
  writeFileSync(
    file,
    `export default globalThis.secondFactorConfigs.get(${JSON.stringify(file)})\n`,
  )
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return async (words, answer) => {
    const [out, error, asked]: string[][] = [[], [], []]
    const isBare = words.includes('--config') || words[0] === 'schema'
    const named = isBare ? words : [...words, '--config', file]
    const code = await run(named, {
      out: (line) => out?.push(`${line}\n`),
      error: (line) => error?.push(`${line}\n`),
      ask:
        answer === undefined
          ? undefined
          : (question) => {
              asked?.push(question)
              return Promise.resolve(answer)
            },
    })
    return { code, out: (out ?? []).join(''), error: (error ?? []).join(''), asked: asked ?? [] }
  }
}
