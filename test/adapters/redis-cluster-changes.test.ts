/**
 * A Redis Cluster that moves rows to another node, or loses one: limits hold meanwhile, and everything works
 * afterwards.
 */

import { randomUUID } from 'node:crypto'

import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { redisStore, type SendCommand } from '../../src/adapters/redis/index.js'
import { StoreUnavailableError } from '../../src/core/errors.js'
import { bareState, freshSubject, inParallel, tally } from '../../src/testing/contract-fixtures.js'
import { storeContract } from '../../src/testing/index.js'
import { minute } from '../support/clock.js'
import { wrongCode } from '../support/codes.js'
import { job, openHeadless, type Headless } from '../support/headless.js'
import { phoneFlows } from '../support/phone-in-process.js'
import {
  hasRedisServer,
  startRedisCluster,
  startReplicas,
  tell,
  type RedisServer,
} from '../support/redis-servers.js'
import { until, within } from '../support/until.js'

describe.skipIf(!hasRedisServer())('a Redis Cluster', () => {
  let primaries: readonly RedisServer[] = []
  let replicas: readonly RedisServer[] = []
  let cluster: ReturnType<typeof createCluster>
  let io: Cluster
  beforeAll(async () => {
    primaries = await startRedisCluster()
    replicas = await startReplicas(primaries)
    cluster = createCluster({ rootNodes: primaries.map(({ url }) => ({ url })) })
    cluster.on('error', () => undefined)
    await cluster.connect()
    io = new Cluster(primaries.map(({ port }) => ({ host: '127.0.0.1', port })))
    io.on('error', () => undefined)
  })
  afterAll(async () => {
    cluster.destroy()
    io.disconnect()
    await Promise.all([...primaries, ...replicas].map((node) => node.close()))
  })
  const clients: readonly [name: string, sendCommand: SendCommand][] = [
    ['redis', (key, args) => cluster.sendCommand(key, false, args)],
    ['ioredis', (_key, [command, ...args]) => io.call(command, args)],
  ]

  /** The node that a key is kept on, and the key's slot. Keys of one hash tag share both. */
  async function homeOf(key: string) {
    const [first] = primaries
    if (first === undefined) throw new Error('there is no cluster')
    const slot = Number(await tell(first, 'CLUSTER', 'KEYSLOT', key))
    const index = Math.floor((slot * primaries.length) / 16_384)
    return { slot: String(slot), index }
  }

  function nodeAt(nodes: readonly RedisServer[], index: number): RedisServer {
    const node = nodes[index % nodes.length]
    if (node === undefined) throw new Error('there is no such node')
    return node
  }

  describe.each(clients)('that moves a slot, through %s', (client, sendCommand) => {
    const keyPrefix = `{moving ${client}}:`
    const store = redisStore({ sendCommand, keyPrefix })

    test('keeps the contract while half of it has moved, and when all has', async () => {
      const { slot, index } = await homeOf(keyPrefix)
      const from = nodeAt(primaries, index)
      const to = nodeAt(primaries, index + 1)
      const idOf = async (node: RedisServer) => String(await tell(node, 'CLUSTER', 'MYID'))
      const keysOn = async (node: RedisServer) =>
        (await tell(node, 'CLUSTER', 'GETKEYSINSLOT', slot, '1000')) as string[]
      const move = async (keys: readonly string[]) => {
        const there = ['127.0.0.1', String(to.port), '', '0', '5000', 'KEYS']
        if (keys.length > 0) await tell(from, 'MIGRATE', ...there, ...keys)
      }
      const broken: string[] = []
      const keepPromises = async (when: string) => {
        for (const { title, run } of storeContract(() => Promise.resolve({ store }))) {
          await run().catch((error: unknown) => broken.push(`${when}: ${title}: ${String(error)}`))
        }
      }

      const rows = Array.from({ length: 40 }, () => bareState(freshSubject('moving'), 1))
      for (const row of rows) await store.compareAndSwap(row.subject, null, row)
      const flows = phoneFlows(store)
      const subject = freshSubject('guessed')
      await flows.start(subject)
      const code = flows.sent[0] ?? ''

      await tell(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', await idOf(from))
      await tell(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', await idOf(to))
      await move((await keysOn(from)).filter((key) => !key.endsWith(subject)).slice(0, 20))
      for (const row of rows) {
        expect(await store.read(row.subject)).toEqual(row)
        const next = { ...row, version: 2 }
        expect(await store.compareAndSwap(row.subject, 1, next)).toBe(true)
        expect(await store.compareAndSwap(row.subject, 1, next)).toBe(false)
      }
      await keepPromises('half moved')

      const guesses = inParallel(100, () => flows.guess(subject, wrongCode(code)))
      await move(await keysOn(from))
      const { maxAttempts } = flows.policy
      expect(tally(await guesses)).toEqual({
        code_incorrect: maxAttempts,
        attempts_exhausted: 100 - maxAttempts,
      })
      expect(await keysOn(from)).toEqual([])
      const owner = await idOf(to)
      for (const node of [to, from]) await tell(node, 'CLUSTER', 'SETSLOT', slot, 'NODE', owner)
      for (const row of rows) {
        expect(await store.read(row.subject)).toEqual({ ...row, version: 2 })
      }
      await keepPromises('moved')
      expect(broken).toEqual([])
    })
  })

  // Last, for the cluster is one node short behind it.
  test('that loses a primary fails closed, and the replica has every lock that had reached it', async () => {
    const keyPrefix = '{failing}:'
    const { index } = await homeOf(keyPrefix)
    const [primary, replica] = [nodeAt(primaries, index), nodeAt(replicas, index)]

    const locked = clients.map(([name, sendCommand]) => {
      const store = redisStore({ sendCommand, keyPrefix: `${keyPrefix}${name}:` })
      return {
        headless: openHeadless({ store, storeTimeoutSeconds: 1 }),
        somebody: job(randomUUID()),
      }
    })
    for (const each of locked) await lockOut(each)
    await until(async () => (await offsetOf(primary)) === (await offsetOf(replica)))

    for (const node of [...primaries, ...replicas]) {
      await tell(node, 'CONFIG', 'SET', 'cluster-node-timeout', '1000')
    }
    await primary.stop()
    for (const { headless, somebody } of locked) {
      const [code = ''] = headless.codes()
      const verified = within(5, headless.secondFactor.verify(somebody, code))
      await expect(verified).rejects.toBeInstanceOf(StoreUnavailableError)
    }
    for (const { headless, somebody } of locked) {
      const answers = () =>
        headless.secondFactor.status(somebody).then(
          () => true,
          () => false,
        )
      await until(answers)
      expect(await headless.secondFactor.status(somebody)).toMatchObject({ failures: 10 })
      const code = headless.codes().at(-1) ?? ''
      expect(await headless.secondFactor.verify(somebody, code)).toMatchObject({
        code: 'locked_out',
      })
      const another = job(randomUUID())
      expect(await headless.secondFactor.start(another)).toMatchObject({ status: 'pending' })
      const fresh = headless.codes().at(-1) ?? ''
      expect(await headless.secondFactor.verify(another, fresh)).toMatchObject({ status: 'passed' })
    }
  }, 60_000)
})

/** The offset in the primary's stream that a node has reached. */
async function offsetOf(node: RedisServer): Promise<string> {
  const info = String(await tell(node, 'INFO', 'replication'))
  return /(?:slave_repl_offset|master_repl_offset):(\d+)/.exec(info)?.[1] ?? ''
}

/** Guesses wrong until the user is locked. */
async function lockOut({
  headless,
  somebody,
}: {
  headless: Headless
  somebody: ReturnType<typeof job>
}) {
  for (let challenge = 0; challenge < 2; challenge += 1) {
    await headless.secondFactor.start(somebody, { renew: true })
    const code = wrongCode(headless.codes().at(-1) ?? '')
    for (let guess = 0; guess < 5; guess += 1) await headless.secondFactor.verify(somebody, code)
    headless.now += minute
  }
}
