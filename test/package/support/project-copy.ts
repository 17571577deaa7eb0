/** A copy of the project whose commands can build and write while other tests read the original. */

import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import { plainEnvironment } from './consumer.js'
import { root } from './source-tree.js'

const left = new Set(['node_modules', '.git', 'dist', 'coverage'])

/** Copies what a clone would hold, and lends it the installed packages. */
export function copyProject(): string {
  const copy = mkdtempSync(join(tmpdir(), 'second-factor-copy-'))
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => !left.has(basename(path)) && !/\.sqlite|\.secrets\.json$|\.tgz$/.test(path),
  })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir')
  // Older than what is installed, so that no script installs into the borrowed packages.
  utimesSync(join(copy, 'package-lock.json'), 0, 0)
  return copy
}

/** Removes a copy, but not the packages it borrowed. */
export function removeCopy(copy: string): void {
  rmSync(join(copy, 'node_modules'), { force: true })
  rmSync(copy, { recursive: true, force: true })
}

/** The exit of a command, and everything it printed. */
export interface Ended {
  readonly code: number | null
  readonly output: string
}

/** A shell command in a process group of its own. */
export interface Running {
  readonly ended: Promise<Ended>
  /** Asks every process of the command to stop, as Ctrl+C would, and waits until all have. */
  stop(): Promise<Ended>
}

/** Starts a command as a person would type it. */
export function start(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn('bash', ['-c', command], {
    cwd,
    env: { ...plainEnvironment(), ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => {
      resolve({ code, output })
    })
  })
  return {
    ended,
    stop() {
      const { pid, exitCode, signalCode } = child
      if (pid !== undefined && exitCode === null && signalCode === null)
        process.kill(-pid, 'SIGTERM')
      return ended
    },
  }
}

/** A build on a busy machine takes its time; an example that is not up by then will not come. */
const longestStartSeconds = 200

/** Starts the example, and waits until it answers. */
export async function startExample(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Running & { readonly port: number }> {
  const port = await freePort()
  const file = join(mkdtempSync(join(cwd, 'example-data-')), 'example.sqlite')
  const running = start(command, cwd, {
    DATABASE_URL: `sqlite:${file}`,
    ...env,
    PORT: String(port),
  })
  const state = { ended: false }
  void running.ended.then(() => (state.ended = true))
  for (let tries = 0; tries < longestStartSeconds * 10 && !state.ended; tries += 1) {
    if (await answers(`http://127.0.0.1:${port}/healthz`)) return { ...running, port }
    await wait(100)
  }
  const { code, output } = await running.stop()
  throw new Error(`${command} does not answer; it ended with ${String(code)}: ${output}`)
}

/** True if a page responds with 200. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { headers: { connection: 'close' } })
    await response.arrayBuffer()
    return response.status === 200
  } catch {
    return false
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => {
        resolve(port)
      })
    })
  })
}
