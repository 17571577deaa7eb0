/** Two applications in one Redis database: which rows belong to which, with and without client key prefixes. */

import { randomUUID } from 'node:crypto'

import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

import { redisStore, type SendCommand } from '../../src/adapters/redis/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import { newSubject } from '../../src/core/state.js'
import { consoleSender, createSecondFactor, forSubject, type StateStore } from '../../src/index.js'
import { wrongCode } from '../support/codes.js'
import { cameroon } from '../support/phones.js'
import { hasRedisServer, startRedis, type RedisServer } from '../support/redis-servers.js'
import { until } from '../support/until.js'

describe.skipIf(!hasRedisServer())('in one database', () => {
  let server: RedisServer
  let node: ReturnType<typeof createClient>
  const sendCommand: SendCommand = (_key, args) => node.sendCommand(args)
  const warnings: string[] = []
  beforeAll(async () => {
    server = await startRedis()
    node = createClient({ url: server.url })
    await node.connect()
  })
  afterAll(async () => {
    node.destroy()
    await server.close()
  })
  beforeEach(async () => {
    warnings.length = 0
    vi.spyOn(process, 'emitWarning').mockImplementation((text) => {
      warnings.push(String(text))
    })
    await node.flushDb()
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })

  /** One of two applications, whose users have ids of their own. */
  function application(secret: string | readonly string[], store: StateStore) {
    return createSecondFactor({
      secret,
      store,
      sender: consoleSender({ print: () => undefined }),
      users: { id: () => 'nobody', phone: () => null },
    })
  }
  const alice = forSubject('1', cameroon)
  const secretOf = (name: string) => name.repeat(32)
  const settled = () => until(async () => (await node.keys('*"applications"')).length === 1)

  test('with a prefix each, a right code in one application clears no failure in the other', async () => {
    const one = application(secretOf('a'), redisStore({ sendCommand, keyPrefix: 'shop:' }))
    const other = application(secretOf('b'), redisStore({ sendCommand, keyPrefix: 'blog:' }))
    await one.start(alice)
    await one.verify(alice, wrongCode('000000', 1))
    await other.reset(alice)
    expect((await one.status(alice)).failures).toBe(1)
    expect((await other.status(alice)).failures).toBe(0)
    expect(warnings).toEqual([])
  })

  test('two applications with one prefix are reported each time one of them starts', async () => {
    const start = (name: string) =>
      application(secretOf(name), redisStore({ sendCommand })).status(alice)
    await start('a')
    await settled()
    expect(warnings).toEqual([])
    for (const times of [1, 2]) {
      await start('b')
      await until(() => Promise.resolve(warnings.length === times))
    }
    expect(warnings[0]).toMatch(
      /another application.* keyPrefix of its own.*delete the key second-factor:"applications"/,
    )
    expect(warnings.join()).not.toContain(secretOf('b'))
    await start('a')
    await node.ping()
    expect(warnings).toHaveLength(2)
  })

  test('one application gets no warning while it rotates its secret process by process', async () => {
    const start = async (...secrets: string[]) => {
      await application(secrets.map(secretOf), redisStore({ sendCommand })).status(alice)
      await node.ping()
    }
    for (const secrets of [['a'], ['b', 'a'], ['a'], ['b'], ['c', 'b'], ['b'], ['c']])
      await start(...secrets)
    await settled()
    await node.ping()
    expect(warnings).toEqual([])
  })

  test('an application whose Redis user may not run scripts on that key continues without a warning', async () => {
    const refusing: SendCommand = (key, args) =>
      args[0] === 'eval' ? Promise.reject(new Error('NOPERM no')) : sendCommand(key, args)
    const app = application(secretOf('a'), redisStore({ sendCommand: refusing }))
    await app.status(alice)
    expect((await app.status(alice)).failures).toBe(0)
    expect(warnings).toEqual([])
  })

  describe.each([
    [
      'ioredis',
      (io: Redis): SendCommand =>
        (_key, [command, ...args]) =>
          io.call(command, args),
    ],
    [
      'a client that prefixes the keys of commands in lower case alone, as older ioredis does',
      (io: Redis, bare: Redis): SendCommand =>
        (_key, [command, ...args]) =>
          (command === command.toLowerCase() ? io : bare).call(command, args),
    ],
  ])('the keyPrefix of %s', (_name, connect) => {
    test('applies to every key, for reads as for writes', async () => {
      const clients = ['shop:', 'blog:', ''].map(
        (keyPrefix) => new Redis(server.url, { keyPrefix }),
      )
      const [shop, blog, bare] = clients as [Redis, Redis, Redis]
      const stores = [shop, blog].map((client) =>
        redisStore({ sendCommand: connect(client, bare) }),
      )
      const [one, other] = stores as [StateStore, StateStore]
      const row = newSubject(randomUUID(), 1, 0)
      expect(await one.compareAndSwap(row.subject, null, row)).toBe(true)
      expect(await one.read(row.subject)).toEqual(row)
      expect(await other.read(row.subject)).toBeNull()
      expect(await node.keys('*')).toEqual([`shop:second-factor:${row.subject}`])
      await one.delete(row.subject)
      expect(await node.keys('*')).toEqual([])
      clients.forEach((client) => {
        client.disconnect()
      })
    })
  })
})

test('a cluster client that batches commands for the wrong nodes is refused with the remedy', async () => {
  // The error of iovalkey and older ioredis with enableAutoPipelining.
  const fault = new Error(
    'All keys in the pipeline should belong to the same slots allocation group',
  )
  const sendCommand: SendCommand = () => Promise.reject(fault)
  const store = redisStore({ sendCommand, acceptEviction: true })
  const error: unknown = await store.read('1').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConfigurationError)
  expect(String(error)).toContain('enableAutoPipelining')
})
