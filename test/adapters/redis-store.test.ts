/** The Redis store keeps every promise of a store, through each client; and what it leaves in Redis. */

import { randomUUID } from 'node:crypto'

import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { redisStore, type SendCommand } from '../../src/adapters/redis/index.js'
import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import { keepUntil } from '../../src/core/retention.js'
import { newSubject, type SubjectState } from '../../src/core/state.js'
import { storeContract } from '../../src/testing/index.js'
import { serviceUrl } from '../support/services.js'

const url = await serviceUrl('Redis')
const keyPrefix = `second-factor-test:${randomUUID()}:`

describe.skipIf(url === null)('on a Redis server', () => {
  const node = createClient({ url: url ?? '' })
  const io = new Redis(url ?? '', { lazyConnect: true })
  const clients: readonly [name: string, sendCommand: SendCommand][] = [
    ['redis', (_key, args) => node.sendCommand(args)],
    ['ioredis', (_key, [command, ...args]) => io.call(command, args)],
  ]
  const store = redisStore({ sendCommand: (_key, args) => node.sendCommand(args), keyPrefix })

  beforeAll(async () => {
    await Promise.all([node.connect(), io.connect()])
  })
  afterAll(async () => {
    for await (const keys of node.scanIterator({ MATCH: `${keyPrefix}*`, COUNT: 1_000 })) {
      if (keys.length > 0) await node.del(keys)
    }
    node.destroy()
    io.disconnect()
  })

  describe.each(clients)('through %s', (_name, sendCommand) => {
    const open = () => Promise.resolve({ store: redisStore({ sendCommand, keyPrefix }) })
    for (const { title, run } of storeContract(open)) test(title, run)

    test('a read is one command and a swap one more, once the first has asked for the policy', async () => {
      const sent: string[] = []
      const counted = redisStore({
        sendCommand(key, args) {
          sent.push(args[0])
          return sendCommand(key, args)
        },
        keyPrefix,
      })
      const row = newSubject(randomUUID(), 1, 0)
      await counted.compareAndSwap(row.subject, null, row)
      sent.length = 0
      await Promise.all([counted.read(row.subject), counted.read(row.subject)])
      await counted.compareAndSwap(row.subject, 1, { ...row, version: 2 })
      await counted.delete(row.subject)
      expect(sent).toEqual(['GET', 'GET', 'EVALSHA', 'DEL'])
    })
  })

  /** Milliseconds that a written row will be kept; -1 where it never expires. */
  async function lifetimeOf(row: SubjectState): Promise<number> {
    return node.pTTL(`${keyPrefix}${row.subject}`)
  }

  const dayMilliseconds = 86_400_000
  const challenge = {
    id: 'an id',
    keyId: 'a key',
    purpose: 'sign-in',
    method: 'sms',
    channel: 'sms',
    destination: '+237671234567',
    hostedRef: null,
    issuedAt: 0,
    expiresAt: 300_000,
    attempts: 0,
    maxAttempts: 5,
    sends: 1,
    receipt: null,
  } as const
  const fresh = (parts: Partial<SubjectState> = {}): SubjectState => ({
    ...newSubject(randomUUID(), 1, 0),
    ...parts,
  })

  // The application's clock here is decades from Redis's.
  test.each([
    ['nothing in it', fresh()],
    ['a challenge', fresh({ challenge })],
    ['a lock', fresh({ lock: { tier: 1, until: 40 * dayMilliseconds } })],
    ['a ladder', fresh({ sends: { ...fresh().sends, count: 1, resetAt: 9 * dayMilliseconds } })],
  ])(
    'a row with %s expires a day after it says nothing any more, by either clock',
    async (_what, row) => {
      await store.compareAndSwap(row.subject, null, row)
      const wanted = (keepUntil(row) ?? 0) + dayMilliseconds
      const lifetime = await lifetimeOf(row)
      expect(lifetime).toBeLessThanOrEqual(wanted)
      expect(lifetime).toBeGreaterThan(wanted - 60_000)
    },
  )

  test('a row with failures stays until a success, and expires from then on', async () => {
    const row = fresh({ failures: 1 })
    await store.compareAndSwap(row.subject, null, fresh({ subject: row.subject }))
    await store.compareAndSwap(row.subject, 1, { ...row, version: 2 })
    expect(await lifetimeOf(row)).toBe(-1)
    await store.compareAndSwap(row.subject, 2, { ...row, version: 3, failures: 0 })
    expect(await lifetimeOf(row)).toBeGreaterThan(0)
  })

  test('a lost swap leaves the lifetime as it is', async () => {
    const row = fresh({ failures: 1 })
    await store.compareAndSwap(row.subject, null, row)
    expect(await store.compareAndSwap(row.subject, 7, { ...row, failures: 0 })).toBe(false)
    expect(await lifetimeOf(row)).toBe(-1)
  })

  test('no two subjects share a key', async () => {
    const subjects = ['a', 'A', 'a ', '"a"', '\\u007b', '{', '}', '{}', '', '\u0000', '%7B', '用户']
    const surrogates = ['\ud800', '\ud801', '\udc00', '\ufffd', '\\ud800']
    const rows = [...subjects, ...surrogates].map((subject) => fresh({ subject }))
    for (const row of rows) {
      expect(await store.compareAndSwap(row.subject, null, row)).toBe(true)
    }
    for (const row of rows) expect(await store.read(row.subject)).toEqual(row)
  })

  test('a key reads as the subject does', async () => {
    const row = fresh({ subject: `tel:+237671234567 ${randomUUID()}` })
    await store.compareAndSwap(row.subject, null, row)
    expect(await node.exists(`${keyPrefix}${row.subject}`)).toBe(1)
  })

  test('fields of a later release come through a swap of this one', async () => {
    const row = fresh()
    const later = { ...row, later: { kept: true } }
    await node.set(`${keyPrefix}${row.subject}`, JSON.stringify({ v: 1, ...later }))
    expect(await store.read(row.subject)).toEqual(later)
  })

  const secret = 'an id nobody may read'
  const good = { v: 1, ...fresh({ subject: 'x', challenge: { ...challenge, id: secret } }) }
  test.each([
    ['no JSON', `{"v":1,"${secret}`],
    ['empty', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['of a later format', JSON.stringify({ ...good, v: 2 })],
    ['of no format', JSON.stringify({ ...good, v: undefined })],
    ["another user's", JSON.stringify({ ...good, subject: 'y' })],
    ['without failures', JSON.stringify({ ...good, failures: undefined })],
    ['of negative failures', JSON.stringify({ ...good, failures: -1 })],
    ['without a lock', JSON.stringify({ ...good, lock: null })],
    ['with a lock of a text', JSON.stringify({ ...good, lock: { tier: 1, until: 'never' } })],
    ['disabled until a time', JSON.stringify({ ...good, lock: { tier: 'disabled', until: 1 } })],
    ['without sends', JSON.stringify({ ...good, sends: {} })],
    ['with half a challenge', JSON.stringify({ ...good, challenge: { id: secret } })],
    [
      'with attempts of a text',
      JSON.stringify({ ...good, challenge: { ...good.challenge, attempts: '0' } }),
    ],
    [
      'with half a receipt',
      JSON.stringify({ ...good, challenge: { ...good.challenge, receipt: { ref: secret } } }),
    ],
    [
      'with a receipt of an unknown status',
      JSON.stringify({
        ...good,
        challenge: { ...good.challenge, receipt: { ref: 'SM1', status: 'lost', reason: null } },
      }),
    ],
    [
      'for an unknown purpose',
      JSON.stringify({ ...good, challenge: { ...good.challenge, purpose: 'constructor' } }),
    ],
    ['with grants of another kind', JSON.stringify({ ...good, grants: [secret] })],
    ['with grants as an object', JSON.stringify({ ...good, grants: {} })],
  ])(
    'a value that is %s is a fault, never an absent row, and is not overwritten',
    async (_what, value) => {
      const subject = randomUUID()
      const stored = value.replaceAll('"subject":"x"', `"subject":"${subject}"`)
      await node.set(`${keyPrefix}${subject}`, stored)
      const error: unknown = await store.read(subject).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(StoreUnavailableError)
      expect(String(error)).toContain('redisStore: ')
      expect(String(error)).not.toContain(secret)
      expect(await store.compareAndSwap(subject, null, fresh({ subject }))).toBe(false)
      expect(await node.get(`${keyPrefix}${subject}`)).toBe(stored)
    },
  )

  test('the value that those are made from is whole', async () => {
    const subject = randomUUID()
    await node.set(`${keyPrefix}${subject}`, JSON.stringify({ ...good, subject }))
    expect((await store.read(subject))?.challenge?.id).toBe(secret)
  })

  test('a challenge written before there were receipts reads as one without', async () => {
    const row = fresh({ challenge })
    const { receipt: _unheardOf, ...before } = challenge
    const value = JSON.stringify({ v: 1, ...row, challenge: before })
    await node.set(`${keyPrefix}${row.subject}`, value)
    expect(await store.read(row.subject)).toEqual(row)
    expect(await store.compareAndSwap(row.subject, 1, { ...row, version: 2 })).toBe(true)
  })

  test('a row that would not come back is not written', async () => {
    const row = fresh()
    for (const wrong of [
      { ...row, failures: Number.NaN },
      { ...row, lock: { tier: 1, until: Number.NaN } },
      { ...row, subject: 'another' },
    ]) {
      await expect(store.compareAndSwap(row.subject, null, wrong)).rejects.toThrow(/malformed/)
    }
    expect(await store.read(row.subject)).toBeNull()
  })
})

describe('the options', () => {
  const sendCommand: SendCommand = () => Promise.reject(new Error('nothing is sent'))

  test.each([
    [{ sendCommand: undefined }, /sendCommand/],
    [{ keyPrefix: '' }, /keyPrefix/],
    [{ keyPrefix: 7 }, /keyPrefix/],
    [{ acceptEviction: 'yes' }, /acceptEviction/],
    [{ client: {} }, /client is not an option.*sendCommand/],
  ])('%j throws and names the option', (wrong: object, words) => {
    const options = { sendCommand, ...wrong }
    expect(() => redisStore(options)).toThrow(ConfigurationError)
    expect(() => redisStore(options)).toThrow(words)
  })

  test('send nothing at construction', () => {
    let sent = 0
    redisStore({ sendCommand: () => Promise.resolve((sent += 1)) })
    expect(sent).toBe(0)
  })

  test('a sendCommand that forgets to return is told so, and not taken for an absent row', async () => {
    const store = redisStore({ sendCommand: () => Promise.resolve(), acceptEviction: true })
    await expect(store.read('a')).rejects.toThrow(/sendCommand has to return/)
    const swap = store.compareAndSwap('a', null, newSubject('a', 1, 0))
    await expect(swap).rejects.toThrow(/sendCommand has to return/)
  })

  test('a client that answers with bytes will do', async () => {
    const row = newSubject('a', 1, 0)
    const value = JSON.stringify({ v: 1, ...row })
    const answers: Readonly<Record<string, unknown>> = {
      CONFIG: new Map([[Buffer.from('maxmemory-policy'), Buffer.from('noeviction')]]),
      GET: Buffer.from(value),
      EVALSHA: Buffer.from('1'),
    }
    const store = redisStore({
      sendCommand: (_key, [command]) => Promise.resolve(answers[command]),
    })
    expect(await store.read('a')).toEqual(row)
    expect(await store.compareAndSwap('a', null, row)).toBe(true)
  })
})
