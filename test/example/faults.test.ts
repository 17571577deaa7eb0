/** The example's state becomes unavailable: it fails closed within a time limit, keeps running and recovers. */

import { beforeAll, describe, expect, test } from 'vitest'

import { afterTests } from '../support/after-tests.js'
import type { Browser } from '../support/browser.js'
import { expectOwnProblem } from '../support/example-problem.js'
import {
  logOf,
  newDatabase,
  passwords,
  phones,
  startExample,
  verify,
  type Example,
} from '../support/example.js'
import { hasRedisServer, startRedis, type RedisServer } from '../support/redis-servers.js'
import { scratchOn } from '../support/scratch-databases.js'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js'
import { until } from '../support/until.js'

/** Longer than the example waits for anything, and shorter than a person would. */
const boundSeconds = 8

async function isHealthy(example: Example): Promise<boolean> {
  return (await example.browser().get('/healthz')).status === 200
}

/** The response to a passed session, and the time it takes. */
async function attempt(work: Promise<{ status: number }>): Promise<number> {
  const begun = Date.now()
  const { status } = await work
  expect((Date.now() - begun) / 1000).toBeLessThan(boundSeconds)
  return status
}

describe.runIf(hasRedisServer())('without its Redis', () => {
  let redis: RedisServer
  let example: Example
  let alice: Browser
  beforeAll(async () => {
    // A real one writes to disk, or a restart would be an empty Redis.
    redis = await startRedis({ settings: ['--appendonly', 'yes', '--appendfsync', 'always'] })
    afterTests(() => redis.close())
    example = await startExample({ DATABASE_URL: newDatabase(), REDIS_URL: redis.url })
    alice = await example.login('alice')
    await verify(alice, await example.codeFor(phones.alice))
  })

  test('lets nobody through and says so, and once it is back lets in everybody who had passed', async () => {
    expect((await alice.get('/account')).status).toBe(200)
    await redis.stop()
    await until(async () => !(await isHealthy(example)))
    const closed = await alice.get('/account')
    expectOwnProblem(closed, 503, 'store_unavailable')
    expect(closed.headers.get('retry-after')).toBe('5')
    expectOwnProblem(await alice.get('/second-factor/'), 503, 'store_unavailable')
    expect((await alice.get('/profile')).status).toBe(200)
    const login = await example
      .browser()
      .post('/login', { username: 'bob', password: passwords.bob })
    expect(login.json).toMatchObject({ refusal: { code: 'store_unavailable' } })

    redis = await startRedis({
      port: redis.port,
      directory: redis.directory,
      settings: ['--appendonly', 'yes'],
    })
    await until(() => isHealthy(example))
    expect((await alice.get('/account')).status).toBe(200)
  })

  test('logs what Redis does in single lines, without secrets', async () => {
    const lines = logOf(example)
    const redis = lines.filter(({ type }) => type === 'redis_failed')
    expect(redis).not.toEqual([])
    for (const { error } of redis) expect(error).toMatch(/^\w+( \w+)?$/)
    expect(lines).toContainEqual({
      at: expect.any(String) as string,
      level: 'error',
      route: 'GET /account',
      type: 'fault',
      code: 'store_unavailable',
      message: expect.any(String) as string,
    })
    expect(await example.stop()).toBe(0)
  })
})

for (const name of ['PostgreSQL', 'MariaDB'] as const) {
  const url = await scratchOn(name)
  describe.runIf(url !== null)(`without its ${name}`, () => {
    let proxy: TcpProxy
    let example: Example
    let alice: Browser
    beforeAll(async () => {
      proxy = await startTcpProxy(url ?? '')
      afterTests(() => proxy.close())
      example = await startExample({ DATABASE_URL: proxy.url })
      alice = await example.login('alice')
      await verify(alice, await example.codeFor(phones.alice))
    })

    test('responds in time while the database hangs, and works when it is back', async () => {
      proxy.pause()
      const statuses = await Promise.all([
        attempt(alice.get('/healthz')),
        attempt(alice.get('/account')),
        attempt(alice.get('/profile')),
        attempt(alice.post('/second-factor/challenge')),
        attempt(example.browser().post('/login', { username: 'bob', password: passwords.bob })),
      ])
      expect(statuses).toEqual([503, 503, 503, 503, 503])
      proxy.resume()
      await until(() => isHealthy(example))
      expect((await alice.get('/account')).status).toBe(200)
    })

    test('fails closed when connections are cut, and works when it is back', async () => {
      await proxy.cut()
      expectOwnProblem(await alice.get('/account'), 503, 'store_unavailable')
      expect(await isHealthy(example)).toBe(false)
      const page = await alice.page('/account')
      expect([page.status, page.text.includes('Try again in a moment.')]).toEqual([503, true])
      await proxy.listen()
      await until(() => isHealthy(example))
      expect((await alice.get('/account')).status).toBe(200)
    })

    test('logs nothing about the statements it ran', () => {
      const log = example.output()
      expect(log).toContain('Sequelize')
      expect(log).not.toMatch(/SELECT|INSERT|UPDATE|\$argon2/)
    })
  })
}
