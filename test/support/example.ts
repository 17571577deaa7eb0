/** Starts the example as a separate process, as `npm run example` does, and tests it from outside. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { afterTests } from './after-tests.js'
import { Browser, type Answer } from './browser.js'
import { inProcess } from './processes.js'

const root = fileURLToPath(new URL('../../', import.meta.url))

export type Environment = Readonly<Record<string, string>>

/** A running process of the example. */
export interface Example {
  readonly url: string
  readonly process: ChildProcess
  /** Everything it printed so far. */
  output(): string
  /** A browser with an empty cookie jar. */
  browser(): Browser
  /** Another browser with the same cookies, which asks this process. */
  copyOf(browser: Browser): Browser
  /** A browser in which this user's password was accepted, and what the login answered. */
  login(username: keyof typeof passwords): Promise<Browser>
  /** The code in the last message to this phone. */
  codeFor(phone: string): Promise<string>
  /** Moves the clock of the process on. */
  advance(seconds: number): Promise<void>
  /** The time of the process's clock. */
  now(): number
  /** Sends a signal, and answers the exit code once the process has ended; `null` where the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The passwords of the demo users. */
export const passwords = {
  alice: 'wonderland-7',
  bob: 'builder-9',
  carol: 'no-phone-3',
  dave: 'shared-5',
  olga: 'night-watch-6',
}

/** The phones of those who have one. */
export const phones = {
  alice: '+237671234567',
  bob: '+919876543210',
  dave: '+14155550123',
  olga: '+447400123456',
}

/** The address of a database in a new folder, which is gone after the tests of this file. */
export function newDatabase(): string {
  const folder = mkdtempSync(join(tmpdir(), 'second-factor-example-'))
  afterTests(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  return `sqlite:${join(folder, 'example.sqlite')}`
}

/**
 * Starts the example on a free port and waits until it listens. Nothing of this process's environment
 * reaches it but what it takes to run; it is stopped after the tests of this file at the latest.
 */
export async function startExample(env: Environment): Promise<Example> {
  const { child, lines, stdout, stderr } = run({ PORT: '0', ...env })
  const output = () => stdout() + stderr()
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const url = await listening(child, lines, output)
  const browser = () => new Browser(url)
  let shift = 0
  return {
    url,
    process: child,
    output,
    browser,
    copyOf(other) {
      const copy = browser()
      for (const [name, value] of other.cookies) copy.cookies.set(name, value)
      return copy
    },
    async login(username) {
      const jar = browser()
      const answer = await jar.post('/login', { username, password: passwords[username] })
      if (answer.status !== 200) throw new Error(`could not log in: ${answer.text}`)
      return jar
    },
    codeFor: (phone) => codeIn(url, phone),
    async advance(seconds) {
      child.send(seconds * 1000)
      ;[shift] = (await once(child, 'message')) as [number]
    },
    now: () => Date.now() + shift,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      return (await ended)[0]
    },
  }
}

/** The result of a refused start. */
export interface Refused {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the example with settings that it cannot use, and waits for its end. */
export async function refusedStart(env: Environment): Promise<Refused> {
  const { child, stdout, stderr } = run({ PORT: '0', ...env })
  const giveUp = setTimeout(() => child.kill('SIGKILL'), 20_000)
  const [code] = (await once(child, 'close')) as [number | null]
  clearTimeout(giveUp)
  return { code, stdout: stdout(), stderr: stderr() }
}

/** The same for a setting that needs nothing outside the process: in one that was used before, which is faster. */
export async function refusedAgain(env: Environment): Promise<Refused> {
  const job = { job: 'start', worker: 'starts-worker.mjs', env: { PORT: '0', ...env } } as const
  return (await (
    await inProcess(job)
  ).result) as Refused
}

/** The lines of its log; whatever else it prints is not among them. */
export function logOf(example: Example): Record<string, unknown>[] {
  const lines = example.output().trim().split('\n')
  const logged = lines.filter((line) => !/^Listening on |^\[second factor\] /.test(line))
  return logged.map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** The messages to a phone, as `/dev/inbox` lists them. */
export async function inboxOf(url: string, phone: string): Promise<Record<string, string>[]> {
  const answer = await new Browser(url).get(`/dev/inbox?to=${encodeURIComponent(phone)}`)
  return JSON.parse(answer.text) as Record<string, string>[]
}

/** Submits a code as a program does. */
export function verify(browser: Browser, code: string): Promise<Answer> {
  return browser.post('/second-factor/verify', { code })
}

async function codeIn(url: string, phone: string): Promise<string> {
  const [newest] = await inboxOf(url, phone)
  return newest?.['code'] ?? ''
}

function run(env: Environment) {
  const clock = new URL('./shifted-clock.mjs', import.meta.url).href
  const main = join(root, 'example-app/dist/main.js')
  const child = spawn(process.execPath, ['--import', clock, main], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const { stdout, stderr } = child
  afterTests(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  if (stdout === null || stderr === null) throw new Error('the example was started without pipes')
  let printed = ''
  let complained = ''
  stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  stderr.setEncoding('utf8').on('data', (text: string) => (complained += text))
  return { child, lines: createInterface(stdout), stdout: () => printed, stderr: () => complained }
}

/** The address that the process says it listens on. */
function listening(child: ChildProcess, lines: Interface, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const url = /^Listening on (http:\S+)/.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once('exit', () => {
      reject(new Error(`the example does not start: ${output()}`))
    })
  })
}
