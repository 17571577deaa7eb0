/** The program `passport-second-factor` as a separate process, in a folder with a configuration. */

import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { root } from '../package/support/source-tree.js'

/** The output of a run, and its exit code. */
export interface Ran {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** A folder that commands are run in. */
export interface CommandLine {
  readonly folder: string
  /** Runs the program, with more environment. */
  run(words: readonly string[], env?: Record<string, string>): Promise<Ran>
  /** Runs it with `--json`, and reads what it wrote. */
  json(words: readonly string[]): Promise<Record<string, unknown>>
  close(): void
}

/** Makes a folder with a configuration; it sees the packages of this project, and the package itself as built. */
export function openCommandLine(config: string | null): CommandLine {
  if (!existsSync(join(root, 'dist/cli/main.js'))) {
    throw new Error('dist is missing: build it first with npm run build, as npm test does')
  }
  const folder = mkdtempSync(join(tmpdir(), 'second-factor-command-'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  if (config !== null) {
    const text = config.replaceAll(
      /'passport-second-factor(\/\w+)?'/g,
      (_whole, subpath: string | undefined) => `'${builtOf(subpath?.slice(1))}'`,
    )
    writeFileSync(join(folder, 'second-factor.config.mjs'), text)
  }
  const run: CommandLine['run'] = (words, env = {}) =>
    new Promise((settle) => {
      const args = [join(root, 'dist/cli/main.js'), ...words]
      const options = {
        cwd: folder,
        env: { ...process.env, NODE_ENV: '', ...env },
        timeout: 30_000,
      }
      const child = execFile(process.execPath, args, options, (_failure, out, error) => {
        settle({ code: child.exitCode ?? -1, out, error })
      })
    })
  return {
    folder,
    run,
    async json(words) {
      const { out } = await run([...words, '--json'])
      return JSON.parse(out) as Record<string, unknown>
    },
    close() {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function builtOf(subpath: string | undefined): string {
  return join(root, subpath === undefined ? 'dist/index.js' : `dist/adapters/${subpath}/index.js`)
}
