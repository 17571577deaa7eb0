/** Starts one of the small examples as a separate process, in a folder that links the installed packages. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import ts from 'typescript'

import { Browser } from './browser.js'
import { freePort } from './free-port.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const examples = join(root, 'example-app/minimal')

/** An example that is running. */
export interface MinimalExample extends AsyncDisposable {
  readonly url: string
  browser(): Browser
  /** The code in the next message that it prints to this phone, or has printed and nobody has read. */
  nextCode(phone: string): Promise<string>
}

/** Packages that are installed here under another name, such as an older version beside a newer one. */
export type Packages = Readonly<Record<string, string>>

const left = new Set(['dist', 'node_modules', 'nest'])

/** Starts the file, TypeScript or not, and waits until it says where it listens. */
export async function startMinimal(file: string, packages: Packages = {}): Promise<MinimalExample> {
  const folder = mkdtempSync(join(tmpdir(), 'second-factor-minimal-'))
  lend(folder, packages)
  const program = join('minimal', file.endsWith('.ts') ? 'dist' : '', builtName(file))
  const example = await runExample(folder, program)
  return {
    ...example,
    async [Symbol.asyncDispose]() {
      await example[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Runs a built example in a folder, where it keeps its database. */
export async function runExample(folder: string, program: string): Promise<MinimalExample> {
  const port = await freePort()
  const child = spawn(process.execPath, [program], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    const keep = (text: string) => {
      output += text
      if (output.includes(`http://localhost:${port}`)) resolve()
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    child.on('error', reject).on('exit', () => {
      reject(new Error(`${program} ended: ${output}`))
    })
  })
  let read = 0
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    browser: () => new Browser(url),
    async nextCode(phone) {
      const codes = () => [...output.matchAll(new RegExp(`to \\${phone}: .*?(\\d{6})\\D`, 'g'))]
      while (codes().length <= read) await once(child.stdout, 'data')
      return codes()[read++]?.[1] ?? ''
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill()
      await ended
    },
  }
}

/** Copies the examples, built, beside the packages that are installed here. */
function lend(folder: string, packages: Packages): void {
  const copy = join(folder, 'minimal')
  cpSync(examples, copy, { recursive: true, filter: (path) => !left.has(basename(path)) })
  for (const path of readdirSync(copy, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue
    const to = join(copy, 'dist', builtName(path))
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, transpiled(readFileSync(join(copy, path), 'utf8')))
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }')
  const installed = join(root, 'node_modules')
  mkdirSync(join(folder, 'node_modules'))
  for (const name of new Set([...readdirSync(installed), 'passport-second-factor'])) {
    const from = name === 'passport-second-factor' ? root : join(installed, packages[name] ?? name)
    symlinkSync(from, join(folder, 'node_modules', name), 'dir')
  }
}

function builtName(file: string): string {
  return file.replace(/\.ts$/, '.js')
}

function transpiled(text: string): string {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 }
  return ts.transpileModule(text, { compilerOptions }).outputText
}
