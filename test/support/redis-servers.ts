/** Redis servers that a test starts, each on a free local port, for what must not be done to a shared one. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { createClient } from 'redis'

import { freePort } from './free-port.js'
import { until } from './until.js'

export interface RedisServer {
  readonly port: number
  readonly url: string
  readonly directory: string
  /** Ends the process; its directory stays for another start. */
  stop(): Promise<void>
  /** Ends the process and removes its directory. */
  close(): Promise<void>
}

export interface RedisServerOptions {
  /** Default: a free one. */
  readonly port?: number
  /** Default: a new one. */
  readonly directory?: string
  /** Further arguments of `redis-server`. */
  readonly settings?: readonly string[]
  /** The line of its log that says it is up. */
  readonly upWhen?: RegExp
}

/**
 * Returns true if `redis-server` can be started here; prints one line if it cannot. With
 * `REQUIRE_SERVICES=1` that is an error instead.
 */
export function hasRedisServer(): boolean {
  if (spawnSync('redis-server', ['--version']).status === 0) return true
  const absent = 'redis-server is not installed'
  if (process.env['REQUIRE_SERVICES'] === '1') throw new Error(absent)
  console.warn(`skipped: ${absent}`)
  return false
}

/** Starts a server that keeps nothing on disk unless `settings` say otherwise. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { settings = [], upWhen = /Ready to accept connections/ } = options
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'second-factor-redis-')))
  const port = options.port ?? (await freePort())
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', ...settings],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const killWithTests = () => child.kill('SIGKILL')
  process.once('exit', killWithTests)
  const stop = async () => {
    process.off('exit', killWithTests)
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await logged(child, upWhen)
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    directory,
    stop,
    async close() {
      await stop()
      await rm(directory, { recursive: true })
    },
  }
}

/** Sends one command over a connection of its own. */
export async function tell({ url }: Pick<RedisServer, 'url'>, ...args: string[]): Promise<unknown> {
  const client = createClient({ url, socket: { reconnectStrategy: false } })
  // Whoever asked hears of it from the command.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await client.sendCommand(args)
  } finally {
    client.destroy()
  }
}

/** Replication that begins at once, and stays where the test put it. */
const clusterSettings = [
  ...['--cluster-enabled', 'yes', '--cluster-node-timeout', '5000'],
  ...['--repl-diskless-sync-delay', '0', '--cluster-allow-replica-migration', 'no'],
]

/** Starts three nodes, and makes a cluster of them that keeps nothing on disk. */
export async function startRedisCluster(): Promise<readonly RedisServer[]> {
  const nodes = await startNodes(3)
  const slots = 16_384
  for (const [index, node] of nodes.entries()) {
    const from = Math.round((index * slots) / nodes.length)
    const to = Math.round(((index + 1) * slots) / nodes.length) - 1
    await tell(node, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
    await tell(node, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(to))
  }
  await introduce(nodes)
  return nodes
}

/** Starts one replica of each primary, in their order, and waits until each follows its own. */
export async function startReplicas(
  primaries: readonly RedisServer[],
): Promise<readonly RedisServer[]> {
  const replicas = await startNodes(primaries.length)
  await introduce([...primaries, ...replicas])
  for (const [index, primary] of primaries.entries()) {
    const replica = replicas[index]
    if (replica === undefined) continue
    await tell(replica, 'CLUSTER', 'REPLICATE', String(await tell(primary, 'CLUSTER', 'MYID')))
    await until(async () =>
      String(await tell(replica, 'INFO', 'replication')).includes('master_link_status:up'),
    )
  }
  return replicas
}

function startNodes(count: number): Promise<RedisServer[]> {
  return Promise.all(Array.from({ length: count }, () => startRedis({ settings: clusterSettings })))
}

/** Makes the nodes known to each other. */
async function introduce(nodes: readonly RedisServer[]): Promise<void> {
  const [first, ...others] = nodes
  if (first === undefined) return
  for (const { port } of others) await tell(first, 'CLUSTER', 'MEET', '127.0.0.1', String(port))
  for (const node of nodes) {
    await until(async () => {
      const info = String(await tell(node, 'CLUSTER', 'INFO'))
      const known = `cluster_known_nodes:${nodes.length}\r`
      return info.includes('cluster_state:ok') && info.includes(known)
    })
  }
}

/** Waits for a line of the log, and goes on reading so that the pipe never fills. */
async function logged(child: ChildProcess, wanted: RegExp): Promise<void> {
  const { stdout } = child
  if (stdout === null) throw new Error('redis-server was started without its log')
  await new Promise<void>((resolve, reject) => {
    const lines: string[] = []
    createInterface(stdout).on('line', (line) => {
      lines.push(line)
      if (wanted.test(line)) resolve()
    })
    child.once('error', reject)
    child.once('exit', () => {
      reject(new Error(`redis-server ended:\n${lines.join('\n')}`))
    })
  })
}
