/**
 * A project of a team that adopts this package: the tarball is installed, and other packages are linked from this
 * repository.
 */

import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { plainEnvironment, write, type Tarball } from './consumer.js'
import { root } from './source-tree.js'

const run = promisify(execFile)

/** Installs the tarball with packages that this repository does not have, and lends those that it has. */
export async function adopt(
  folder: string,
  tarball: Tarball,
  packages: readonly string[],
): Promise<void> {
  write(join(folder, 'package.json'), '{ "private": true }')
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  // Peers are lent.
  await run('npm', ['install', tarball.file, ...packages, ...quiet, '--legacy-peer-deps'], {
    ...{ cwd: folder, env: plainEnvironment() },
  })
  for (const name of namesIn(join(root, 'node_modules'))) {
    const to = join(folder, 'node_modules', name)
    if (existsSync(to)) continue
    mkdirSync(dirname(to), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), to, 'dir')
  }
}

/** The packages of a folder, those with a scope too. */
function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@')
        ? readdirSync(join(folder, name)).map((each) => `${name}/${each}`)
        : name,
    )
}

/** The exit of a program. */
export interface Ran {
  readonly code: number
  readonly output: string
}

/** Runs a program of a package that is installed there, to its end. */
export async function runBin(
  folder: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const options = { cwd: folder, env: { ...plainEnvironment(), NO_COLOR: '1', ...env } }
  try {
    const { stdout, stderr } = await run(process.execPath, words, options)
    return { code: 0, output: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, output: stdout + stderr }
  }
}
