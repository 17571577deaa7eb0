/** Counts in Redis: their keys, their lifetimes, and which replies are rejected. */

import { randomUUID } from 'node:crypto'

import { createClient } from 'redis'
import { afterAll, describe, expect, test } from 'vitest'

import { redisCounts, type SendCommand } from '../../src/adapters/redis/index.js'
import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import { serviceUrl } from '../support/services.js'

const url = await serviceUrl('Redis')

describe.skipIf(url === null)('on a server', async () => {
  const client = createClient({ url: url ?? '' })
  if (url !== null) await client.connect()
  const keyPrefix = `sf_counts:${randomUUID()}:`
  const counts = redisCounts({ sendCommand: (_key, args) => client.sendCommand(args), keyPrefix })
  const keyOf = (counter: string) => `${keyPrefix}{counts}:${counter}`
  const add = (counter: string, bucket: number, kept = 156) =>
    counts.add([{ counter, bucket, units: 1, keepUntil: bucket + kept }])

  afterAll(async () => {
    for await (const keys of client.scanIterator({ MATCH: `${keyPrefix}*` })) {
      if (keys.length > 0) await client.del(keys)
    }
    client.destroy()
  })

  test('all keys have one hash tag, and live as long as their units matter, whatever the clock', async () => {
    await add('n:1', 4_000_000)
    const lifetime = await client.pTTL(keyOf('n:1'))
    expect(lifetime).toBeGreaterThan(155 * 600_000)
    expect(lifetime).toBeLessThanOrEqual(156 * 600_000)
  })

  test('old buckets of a constantly used counter are removed', async () => {
    for (let bucket = 0; bucket < 60; bucket += 1) await add('~~', bucket, 10)
    expect(await client.hLen(keyOf('~~'))).toBeLessThanOrEqual(31)
    expect((await counts.series(['~~'], 50)).length).toBe(10)
  })

  test('a server that lost the scripts is sent them again', async () => {
    await client.sendCommand(['SCRIPT', 'FLUSH'])
    await add('n:2', 5)
    expect(await counts.series(['n:2'], 0)).toEqual([{ counter: 'n:2', bucket: 5, units: 1 }])
  })
})

const answering = (reply: unknown): SendCommand => {
  return () => Promise.resolve(reply)
}

test.each([[null], ['OK'], [['1']], ['[1,"2"]']])('a reply %j is rejected', async (reply) => {
  const counts = redisCounts({ sendCommand: answering(reply), acceptEviction: true })
  await expect(counts.series(['n:1'], 0)).rejects.toThrow(StoreUnavailableError)
})

test('a Redis that may evict counts is refused unless the risk is accepted', async () => {
  const sendCommand: SendCommand = (_key, [command]) =>
    Promise.resolve(command === 'CONFIG' ? ['maxmemory-policy', 'allkeys-lru'] : '[]')
  const windows = { now: 1, beside: null, hour: 0, day: 0, week: 0 }
  await expect(redisCounts({ sendCommand }).sums(['n:1'], windows)).rejects.toThrow(
    ConfigurationError,
  )
  await expect(redisCounts({ sendCommand }).sums(['n:1'], windows)).rejects.toThrow(
    /^redisCounts: Redis has maxmemory-policy allkeys-lru/,
  )
  const accepting = redisCounts({ sendCommand, acceptEviction: true })
  expect((await accepting.sums(['n:1'], windows)).size).toBe(1)
})

test('a cluster client that sends commands to the wrong nodes gets an error for the counts', async () => {
  const message = 'All keys in the pipeline should belong to the same slots allocation group'
  const sendCommand: SendCommand = () => Promise.reject(new Error(message))
  await expect(
    redisCounts({ sendCommand, acceptEviction: true }).series(['n:1'], 0),
  ).rejects.toThrow(/^redisCounts: this cluster client/)
})

test('a READONLY replica and a server that is down are faults that quote nothing', async () => {
  for (const message of ['READONLY You can not write against a replica.', 'n:1 failed']) {
    const sendCommand: SendCommand = () => Promise.reject(new Error(message))
    const error: unknown = await redisCounts({ sendCommand, acceptEviction: true })
      .add([{ counter: 'n:1', bucket: 1, units: 1, keepUntil: 2 }])
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreUnavailableError)
    expect(String(error)).not.toContain('n:1')
  }
})

test.each([{}, { sendCommand: 1 }, { sendCommand: answering(1), keyPrefix: '' }, { prefix: 'x' }])(
  'refuses %j',
  (options) => {
    expect(() => redisCounts(options as never)).toThrow(ConfigurationError)
  },
)
