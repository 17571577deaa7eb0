/** The Redis store keeps the store contract on a cluster of three nodes, through each client. */

import { randomUUID } from 'node:crypto'

import { Cluster } from 'ioredis'
import { createCluster } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { redisStore, type SendCommand } from '../../src/adapters/redis/index.js'
import { newSubject } from '../../src/core/state.js'
import { storeContract } from '../../src/testing/index.js'
import {
  hasRedisServer,
  startRedisCluster,
  tell,
  type RedisServer,
} from '../support/redis-servers.js'

describe.skipIf(!hasRedisServer())('on a Redis Cluster', () => {
  let nodes: readonly RedisServer[] = []
  let cluster: ReturnType<typeof createCluster>
  let io: Cluster
  beforeAll(async () => {
    nodes = await startRedisCluster()
    cluster = createCluster({ rootNodes: nodes.map(({ url }) => ({ url })) })
    await cluster.connect()
    io = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
  })
  afterAll(async () => {
    cluster.destroy()
    io.disconnect()
    await Promise.all(nodes.map((node) => node.close()))
  })
  const clients: readonly [name: string, sendCommand: SendCommand][] = [
    ['redis', (key, args) => cluster.sendCommand(key, false, args)],
    ['ioredis', (_key, [command, ...args]) => io.call(command, args)],
  ]

  describe.each(clients)('through %s', (_name, sendCommand) => {
    const store = redisStore({ sendCommand })
    for (const { title, run } of storeContract(() => Promise.resolve({ store }))) test(title, run)

    test('users are spread over the nodes even if their ids look like hash tags', async () => {
      const before = await Promise.all(nodes.map((node) => tell(node, 'DBSIZE')))
      for (let count = 0; count < 60; count += 1) {
        const row = newSubject(`{same}${randomUUID()}`, 1, 0)
        expect(await store.compareAndSwap(row.subject, null, row)).toBe(true)
        expect(await store.read(row.subject)).toEqual(row)
      }
      const now = await Promise.all(nodes.map((node) => tell(node, 'DBSIZE')))
      const more = now.map((size, index) => Number(size) - Number(before[index]))
      expect(Math.min(...more)).toBeGreaterThan(0)
    })

    test('a node that lost its scripts is sent the source', async () => {
      const rows = Array.from({ length: 30 }, () => newSubject(randomUUID(), 1, 0))
      for (const node of nodes) await tell(node, 'SCRIPT', 'FLUSH')
      const held = rows.map((row) => store.compareAndSwap(row.subject, null, row))
      expect(await Promise.all(held)).toEqual(rows.map(() => true))
    })
  })
})
