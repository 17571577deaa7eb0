/** Servers that a test starts, each on a free local port, to freeze, kill and restart. */

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { delimiter, join } from 'node:path'
import { tmpdir } from 'node:os'

import { withSequelize, type Database } from './databases.js'
import { freePort } from './free-port.js'
import { tell } from './redis-servers.js'
import { until } from './until.js'

export type OwnServerName = 'PostgreSQL' | 'MariaDB' | 'Redis'

export interface OwnServer {
  readonly url: string
  /** Freezes it: connections stay open, new ones are taken, and nothing is answered until `resume`. */
  pause(): Promise<void>
  resume(): void
  /** Ends all of it at once, as it stands; its files stay. */
  kill(): Promise<void>
  /** Starts it on its files and its port, and waits until it answers. */
  start(): Promise<void>
  /** Ends it and removes its files. */
  close(): Promise<void>
}

/** A kind of server: set it up in an empty directory, start it there, and query it. */
interface Kind {
  /** Makes its files, if it does not do so itself. */
  readonly setUp?: (directory: string) => readonly [program: string, ...args: string[]]
  readonly run: (directory: string, port: number) => readonly [program: string, ...args: string[]]
  readonly url: (port: number) => string
  /** Rejects while it does not answer. */
  readonly ask: (url: string) => Promise<unknown>
}

const askSql = (name: Database['name']) => (url: string) =>
  withSequelize({ name, url }, {}, (sequelize) => sequelize.authenticate())

/** With the settings that they come with wherever these say how safely they write. */
const kinds: Readonly<Record<OwnServerName, Kind>> = {
  PostgreSQL: {
    setUp: (directory) => {
      const trusting = ['--username', 'postgres', '--auth', 'trust', '--no-sync']
      return ['initdb', '--pgdata', join(directory, 'data'), ...trusting]
    },
    run: (directory, port) => {
      const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=']
      return [
        'postgres',
        '-D',
        join(directory, 'data'),
        ...settings.flatMap((each) => ['-c', each]),
      ]
    },
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    ask: askSql('PostgreSQL'),
  },
  MariaDB: {
    setUp: (directory) => [
      'mariadb-install-db',
      ...['--no-defaults', `--datadir=${join(directory, 'data')}`],
      '--auth-root-authentication-method=normal',
    ],
    run: (directory, port) => [
      'mariadbd',
      ...['--no-defaults', `--datadir=${join(directory, 'data')}`, `--port=${port}`],
      ...['--bind-address=127.0.0.1', `--socket=${join(directory, 'socket')}`],
      `--pid-file=${join(directory, 'pid')}`,
    ],
    url: (port) => `mysql://root@127.0.0.1:${port}/test`,
    ask: askSql('MariaDB'),
  },
  Redis: {
    run: (directory, port) => [
      'redis-server',
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', directory],
      // As its documentation and ours ask for: without it, a restart is an empty Redis.
      ...['--appendonly', 'yes', '--save', ''],
    ],
    url: (port) => `redis://127.0.0.1:${port}`,
    ask: (url) => tell({ url }, 'PING'),
  },
}

/**
 * Returns true if this kind of server can be started here; prints one line if it cannot. With
 * `REQUIRE_SERVICES=1` that is an error instead.
 */
export function hasOwnServer(name: OwnServerName): boolean {
  const { setUp, run } = kinds[name]
  const programs = ['ps', setUp?.('')[0], run('', 0)[0]]
  const missing = programs.find((program) => program !== undefined && pathOf(program) === null)
  if (missing === undefined) return true
  const absent = `${name} cannot be started here: ${missing} is not installed`
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(absent)
  console.warn(`skipped: ${absent}`)
  return false
}

/** Sets a server up, and starts it. */
export async function startOwnServer(name: OwnServerName): Promise<OwnServer> {
  const { setUp, run, url: urlOn, ask } = kinds[name]
  const directory = mkdtempSync(join(tmpdir(), 'second-factor-server-'))
  const user = ordinaryUser()
  if (user !== null) chownSync(directory, user.uid, user.gid)
  const port = await freePort()
  const url = urlOn(port)
  const within = { cwd: directory, ...user }
  if (setUp !== undefined) {
    const [program, ...args] = setUp(directory)
    execFileSync(pathOf(program) ?? program, args, { ...within, stdio: 'pipe' })
  }

  let server: ChildProcess
  const isRunning = () => server.exitCode === null && server.signalCode === null
  /** Stops the first process before the others are looked for, so that it starts no more of them. */
  const freeze = () => {
    if (server.pid === undefined) throw new Error(`${name} was not started`)
    signal([server.pid], 'SIGSTOP')
    const all = familyOf(server.pid)
    signal(all, 'SIGSTOP')
    return all
  }
  const killNow = () => {
    const all = freeze()
    signal(all, 'SIGKILL')
    return all
  }
  const start = async () => {
    const [program, ...args] = run(directory, port)
    server = spawn(pathOf(program) ?? program, args, { ...within, stdio: 'ignore' })
    process.once('exit', killNow)
    await until(async () => {
      if (!isRunning()) throw new Error(`${program} ended with ${server.exitCode}`)
      return ask(url).then(
        () => true,
        () => false,
      )
    })
  }
  const kill = async () => {
    process.off('exit', killNow)
    if (!isRunning()) return
    const all = killNow()
    await once(server, 'exit')
    await until(() => Promise.resolve(all.every((pid) => ['', 'Z'].includes(stateOf(pid)))))
  }
  await start()
  return {
    url,
    async pause() {
      const all = freeze()
      await until(() => Promise.resolve(all.every((pid) => stateOf(pid) === 'T')))
    },
    resume() {
      if (server.pid !== undefined && isRunning()) signal(familyOf(server.pid), 'SIGCONT')
    },
    kill,
    start,
    async close() {
      await kill()
      rmSync(directory, { recursive: true })
    },
  }
}

/** PostgreSQL and MariaDB refuse to be root's. */
function ordinaryUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (what: string) => Number(execFileSync('id', [what, 'nobody'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** Debian keeps PostgreSQL's programs out of everybody's path, and servers out of an ordinary user's. */
function pathOf(program: string): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = isThere(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const directories = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...['/usr/sbin', '/usr/local/sbin'],
    ...versions.map((version) => join(debian, version, 'bin')),
  ]
  const paths = directories.map((directory) => join(directory, program))
  return paths.find((path) => isThere(path, constants.X_OK)) ?? null
}

function isThere(path: string, mode = constants.F_OK): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/** A process and those that it started: PostgreSQL has one for each connection. */
function familyOf(pid: number): number[] {
  return [pid, ...processes().flatMap((each) => (each.parent === pid ? [each.pid] : []))]
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch {
      // It has ended by itself.
    }
  }
}

/** `T` of a process that is stopped, `Z` of one that has ended unnoticed, empty where there is none. */
function stateOf(wanted: number): string {
  return processes().find(({ pid }) => pid === wanted)?.state ?? ''
}

function processes(): { pid: number; parent: number; state: string }[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
  return listed
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state = ''] = line.trim().split(/\s+/)
      return { pid: Number(pid), parent: Number(parent), state: state.charAt(0) }
    })
}
