/** The Redis store when Redis loses its scripts, is read-only, loads, stops, is full, or may evict. */

import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'

import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import {
  redisStore,
  type RedisStoreOptions,
  type SendCommand,
} from '../../src/adapters/redis/index.js'
import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import { newSubject, type SubjectState } from '../../src/core/state.js'
import type { StateStore } from '../../src/ports/state-store.js'
import { fullPhonePart, unknownPart, withParts } from '../../src/testing/contract-fixtures.js'
import {
  hasRedisServer,
  startRedis,
  tell,
  type RedisServer,
  type RedisServerOptions,
} from '../support/redis-servers.js'
import { until } from '../support/until.js'

const { id: challengeId, destination } = fullPhonePart.challenge

function someRow(): SubjectState {
  const subject = `tel:${destination}/${randomUUID()}`
  return withParts(newSubject(subject, 1, 0), { phone: fullPhonePart, another: unknownPart })
}

/** The error that a store rejects with; fails where it does not reject. */
async function faultOf(work: Promise<unknown>): Promise<unknown> {
  let answer: unknown
  try {
    answer = await work
  } catch (error) {
    return error
  }
  throw new Error(`no fault, but ${inspect(answer)}`)
}

/** Nothing of the row, its key or the client's error may be in an error, however it is printed. */
function expectClean(error: unknown): void {
  const printed = inspect(error, { depth: null, showHidden: true })
  expect(printed).not.toContain(destination)
  expect(printed).not.toContain(challengeId)
  expect(printed).not.toContain('Ünïcödé')
  expect(error).not.toHaveProperty('cause')
}

describe.skipIf(!hasRedisServer())('a Redis server started by the test', () => {
  const closers: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  async function server(options: RedisServerOptions = {}): Promise<RedisServer> {
    const started = await startRedis(options)
    closers.push(() => started.close())
    return started
  }

  /** A connection that fails at once while it is down, and comes back by itself. */
  async function connection(url: string): Promise<SendCommand> {
    const client = createClient({
      url,
      disableOfflineQueue: true,
      socket: { reconnectStrategy: 10 },
    })
    client.on('error', () => undefined)
    closers.push(() => {
      client.destroy()
    })
    await client.connect()
    return (_key, args) => client.sendCommand(args)
  }

  /** A store on a server, and the commands it sent. */
  async function storeOn({ url }: { url: string }, options: Partial<RedisStoreOptions> = {}) {
    const sendCommand = await connection(url)
    const sent: string[] = []
    const store = redisStore({
      sendCommand(key, args) {
        sent.push(args[0])
        return sendCommand(key, args)
      },
      ...options,
    })
    return { store, sent }
  }

  async function write(store: StateStore): Promise<SubjectState> {
    const row = someRow()
    expect(await store.compareAndSwap(row.subject, null, row)).toBe(true)
    return row
  }

  describe('that', () => {
    let redis: RedisServer
    beforeAll(async () => {
      redis = await startRedis()
    })
    afterAll(() => redis.close())

    test('lost its scripts is sent the source once, and the swap succeeds', async () => {
      const { store, sent } = await storeOn(redis)
      const row = await write(store)
      await tell(redis, 'SCRIPT', 'FLUSH')
      sent.length = 0
      expect(await store.compareAndSwap(row.subject, 1, { ...row, version: 2 })).toBe(true)
      expect(await store.compareAndSwap(row.subject, 2, { ...row, version: 3 })).toBe(true)
      expect(sent).toEqual(['evalsha', 'eval', 'evalsha'])
    })

    test('lost its scripts under 50 swaps at once lets one of them succeed', async () => {
      const { store } = await storeOn(redis)
      const row = await write(store)
      await tell(redis, 'SCRIPT', 'FLUSH')
      const swaps = Array.from({ length: 50 }, (_, failures) =>
        store.compareAndSwap(row.subject, 1, { ...row, version: 2, failures }),
      )
      const held = await Promise.all(swaps)
      expect(held.filter(Boolean)).toHaveLength(1)
      expect((await store.read(row.subject))?.failures).toBe(held.indexOf(true))
    })

    test('is full refuses the write and keeps the row', async () => {
      const { store } = await storeOn(redis)
      const row = await write(store)
      await tell(redis, 'CONFIG', 'SET', 'maxmemory', '1')
      const swap = store.compareAndSwap(row.subject, 1, { ...row, version: 2 })
      const error = await faultOf(swap)
      await tell(redis, 'CONFIG', 'SET', 'maxmemory', '0')
      expect(error).toBeInstanceOf(StoreUnavailableError)
      expect(String(error)).toContain('OOM')
      expect(await store.read(row.subject)).toEqual(row)
    })

    test('has another type of value under the key causes a fault', async () => {
      const { store } = await storeOn(redis)
      const row = someRow()
      await tell(redis, 'LPUSH', `second-factor:${row.subject}`, 'x')
      const error = await faultOf(store.read(row.subject))
      expect(String(error)).toContain('WRONGTYPE')
      expectClean(error)
    })
  })

  test('is a replica refuses to write, and nothing is retried', async () => {
    const primary = await server({ settings: ['--repl-diskless-sync-delay', '0'] })
    const replica = await server({
      settings: ['--replicaof', '127.0.0.1', String(primary.port)],
    })
    const { store } = await storeOn(primary)
    const row = await write(store)
    const behind = await storeOn(replica)
    await until(async () => (await behind.store.read(row.subject)) !== null)
    const swap = () => behind.store.compareAndSwap(row.subject, 1, { ...row, version: 2 })
    await faultOf(swap()) // The primary's script is not known here: this one loads it.
    behind.sent.length = 0
    const error = await faultOf(swap())
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(String(error)).toContain('READONLY')
    expectClean(error)
    expect(behind.sent).toEqual(['evalsha'])
    expect(await store.read(row.subject)).toEqual(row)
  })

  test('has lost its replicas refuses to write if so configured, and keeps the row', async () => {
    const redis = await server()
    const { store } = await storeOn(redis)
    const row = await write(store)
    await tell(redis, 'CONFIG', 'SET', 'min-replicas-to-write', '1')
    const error = await faultOf(store.compareAndSwap(row.subject, 1, { ...row, version: 2 }))
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(String(error)).toContain('NOREPLICAS')
    expectClean(error)
    expect(await store.read(row.subject)).toEqual(row)
  })

  test('is loading rejects, and works once it has loaded', async () => {
    const keys = 200
    const first = await server({ settings: ['--enable-debug-command', 'yes'] })
    await tell(first, 'DEBUG', 'POPULATE', String(keys), 'filler', '2000')
    await tell(first, 'CONFIG', 'SET', 'rdbcompression', 'no')
    await tell(first, 'SAVE')
    await first.stop()
    const slowly = ['--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024']
    const again = await startRedis({
      directory: first.directory,
      settings: slowly,
      upWhen: /Server initialized/,
    })
    closers.push(() => again.stop())
    await until(() =>
      tell(again, 'PING').then(
        () => false,
        (error: unknown) => String(error).includes('LOADING'),
      ),
    )
    const { store } = await storeOn(again)
    const error = await faultOf(store.read('a'))
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(String(error)).toContain('LOADING')
    await tell(again, 'CONFIG', 'SET', 'key-load-delay', '0')
    await until(() =>
      store.read('a').then(
        (row) => row === null,
        () => false,
      ),
    )
    await write(store)
  })

  test('stops rejects, and its replacement is used without a restart here', async () => {
    const redis = await server()
    const { store } = await storeOn(redis)
    const row = await write(store)
    await redis.stop()
    for (const work of [
      () => store.read(row.subject),
      () => store.compareAndSwap(row.subject, 1, { ...row, version: 2 }),
      () => store.delete(row.subject),
    ]) {
      const error = await faultOf(work())
      expect(error).toBeInstanceOf(StoreUnavailableError)
      expectClean(error)
    }
    await server({ port: redis.port })
    await until(() =>
      store.read(row.subject).then(
        (read) => read === null,
        () => false,
      ),
    )
    await write(store)
  })

  test('was down when its policy was first read is asked again', async () => {
    const redis = await server()
    const sendCommand = await connection(redis.url)
    await redis.stop()
    const store = redisStore({ sendCommand })
    expect(await faultOf(store.read('a'))).toBeInstanceOf(StoreUnavailableError)
    await server({ port: redis.port })
    await until(() =>
      store.read('a').then(
        (row) => row === null,
        () => false,
      ),
    )
  })

  test('quotes the row in its error is not quoted, nor is a client that includes the command', async () => {
    const settings = ['EVALSHA', 'EVAL', 'GET'].flatMap((name) => ['--rename-command', name, ''])
    const redis = await server({ settings })
    const io = new Redis(redis.url)
    closers.push(() => {
      io.disconnect()
    })
    const row = someRow()
    const raw = await faultOf(io.call('EVALSHA', ['x', '1', row.subject, JSON.stringify(row)]))
    expect(inspect(raw, { depth: null })).toContain(challengeId)
    const clients: SendCommand[] = [
      await connection(redis.url),
      (_key, [command, ...args]) => io.call(command, args),
    ]
    for (const sendCommand of clients) {
      const store = redisStore({ sendCommand })
      for (const work of [store.compareAndSwap(row.subject, 1, row), store.read(row.subject)]) {
        const error = await faultOf(work)
        expect(error).toBeInstanceOf(StoreUnavailableError)
        expect(String(error)).toMatch(/did not carry out (?:EVALSHA|GET): ERR/)
        expectClean(error)
      }
    }
  })

  describe('that may evict', () => {
    test.each(['allkeys-lru', 'volatile-ttl', 'allkeys-random', 'volatile-lfu'])(
      'by %s is refused with the remedy until it is reconfigured',
      async (policy) => {
        const redis = await server({ settings: ['--maxmemory-policy', policy] })
        const { store } = await storeOn(redis)
        const row = someRow()
        for (const work of [
          () => store.read(row.subject),
          () => store.compareAndSwap(row.subject, null, row),
          () => store.delete(row.subject),
        ]) {
          const error = await faultOf(work())
          expect(error).toBeInstanceOf(ConfigurationError)
          expect(String(error)).toContain(policy)
          expect(String(error)).toMatch(/set it to noeviction, or pass acceptEviction/)
        }
        expect(await tell(redis, 'DBSIZE')).toBe(0)
        await tell(redis, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
        await write(store)
      },
    )

    test('is used without a check if that is accepted', async () => {
      const redis = await server({ settings: ['--maxmemory-policy', 'allkeys-lru'] })
      const { store, sent } = await storeOn(redis, { acceptEviction: true })
      await write(store)
      expect(sent).toEqual(['evalsha', 'eval'])
    })

    test('is detected even if CONFIG is forbidden or missing', async () => {
      const redis = await server({ settings: ['--maxmemory-policy', 'allkeys-lru'] })
      await tell(redis, 'ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '+@all', '-config')
      const forbidden = await storeOn({ url: redis.url.replace('//', '//app:pw@') })
      expect(String(await faultOf(forbidden.store.read('a')))).toContain('allkeys-lru')
      expect(forbidden.sent).toEqual(['CONFIG', 'INFO'])

      const without = await server({
        settings: ['--maxmemory-policy', 'volatile-lru', '--rename-command', 'CONFIG', ''],
      })
      const { store } = await storeOn(without)
      expect(String(await faultOf(store.read('a')))).toContain('volatile-lru')
    })

    test('or may not, without reporting its policy, is refused unless that is accepted', async () => {
      const redis = await server()
      await tell(redis, 'ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '+@all', '-config', '-info')
      const url = redis.url.replace('//', '//app:pw@')
      const { store } = await storeOn({ url })
      const error = await faultOf(store.read('a'))
      expect(error).toBeInstanceOf(ConfigurationError)
      expect(String(error)).toMatch(/neither in CONFIG GET nor in INFO.*acceptEviction/)
      await write((await storeOn({ url }, { acceptEviction: true })).store)
    })

    test.each([2, 3] as const)('is detected with protocol version %i', async (RESP) => {
      const redis = await server({ settings: ['--maxmemory-policy', 'allkeys-lru'] })
      const client = await createClient({ url: redis.url, RESP }).connect()
      closers.push(() => {
        client.destroy()
      })
      const store = redisStore({ sendCommand: (_key, args) => client.sendCommand(args) })
      expect(String(await faultOf(store.read('a')))).toContain('allkeys-lru')
      await tell(redis, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
      expect(await store.read('a')).toBeNull()
    })
  })
})
