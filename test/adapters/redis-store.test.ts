/** The Redis store keeps the store contract through each client, and its rows expire once they limit nobody. */

import { randomUUID } from 'node:crypto'

import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { redisStore, type SendCommand } from '../../src/adapters/redis/index.js'
import { ConfigurationError, StoreUnavailableError } from '../../src/core/errors.js'
import { keepUntil } from '../../src/core/retention.js'
import { newSubject, type SubjectState } from '../../src/core/state.js'
import { noSends } from '../../src/factors/phone/rules/part.js'
import { phoneKeepUntil } from '../../src/factors/phone/rules/reset.js'
import {
  fullPhonePart,
  fullState,
  unknownPart,
  withParts,
} from '../../src/testing/contract-fixtures.js'
import { storeContract } from '../../src/testing/index.js'
import { day } from '../support/clock.js'
import { wrongCode } from '../support/codes.js'
import { phoneFlows } from '../support/phone-in-process.js'
import { phoneOf, rowOf } from '../support/rows.js'
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

    test('after a first policy check, a read is one command and a swap one more', async () => {
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
      expect(sent).toEqual(['get', 'get', 'evalsha', 'del'])
    })
  })

  /** Milliseconds that a written row will be kept; -1 where it never expires. */
  async function lifetimeOf(row: SubjectState): Promise<number> {
    return node.pTTL(`${keyPrefix}${row.subject}`)
  }

  const { challenge } = fullPhonePart
  /** A row as the flows write it. */
  const fresh = (fields: Partial<SubjectState> = {}): SubjectState => {
    const row = { ...newSubject(randomUUID(), 1, 0), ...fields }
    return { ...row, keepUntil: keepUntil(row, (_kind, part) => phoneKeepUntil(part)) }
  }
  const withPhone = (phone: object) => fresh(withParts(fresh(), { phone }))

  // The application's clock here is decades from Redis's.
  test.each([
    ['nothing in it', fresh(), 0],
    [
      'a challenge',
      withPhone({ challenge: { ...challenge, epoch: 0, expiresAt: 300_000 }, sends: noSends }),
      300_000 + day,
    ],
    ['a lock', fresh({ lock: { tier: 1, until: 40 * day } }), 40 * day],
    ['a ladder', withPhone({ challenge: null, sends: { ...noSends, resetAt: 9 * day } }), 9 * day],
    [
      'a grant',
      fresh({ grants: [{ id: 'a', method: 'sms', issuedAt: 0, expiresAt: 7 * day }] }),
      7 * day,
    ],
  ])(
    'a row with %s expires a day after it stops mattering, by either clock',
    async (_what, row, until) => {
      await store.compareAndSwap(row.subject, null, row)
      const lifetime = await lifetimeOf(row)
      expect(lifetime).toBeLessThanOrEqual(until + day)
      expect(lifetime).toBeGreaterThan(until + day - 60_000)
    },
  )

  test('a row with failures stays until a success, and can expire from then on', async () => {
    const row = fresh({ failures: 1 })
    await store.compareAndSwap(row.subject, null, fresh({ subject: row.subject }))
    await store.compareAndSwap(row.subject, 1, { ...row, version: 2 })
    expect(await lifetimeOf(row)).toBe(-1)
    await store.compareAndSwap(row.subject, 2, fresh({ subject: row.subject, version: 3 }))
    expect(await lifetimeOf(row)).toBeGreaterThan(0)
  })

  test('a row with an enrolled factor stays until that is removed, and can expire from then on', async () => {
    const row = fresh(withParts(fresh(), { another: unknownPart }))
    await store.compareAndSwap(row.subject, null, row)
    expect(await lifetimeOf(row)).toBe(-1)
    await store.compareAndSwap(row.subject, 1, fresh({ subject: row.subject, version: 2 }))
    expect(await lifetimeOf(row)).toBeGreaterThan(0)
  })

  test('a lost swap leaves the expiry unchanged', async () => {
    const row = fresh({ failures: 1 })
    await store.compareAndSwap(row.subject, null, row)
    expect(await store.compareAndSwap(row.subject, 7, fresh({ subject: row.subject }))).toBe(false)
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

  test('a key contains the subject in readable form', async () => {
    const row = fresh({ subject: `tel:+237671234567 ${randomUUID()}` })
    await store.compareAndSwap(row.subject, null, row)
    expect(await node.exists(`${keyPrefix}${row.subject}`)).toBe(1)
  })

  test('fields of a later release survive every write of this one', async () => {
    const flows = phoneFlows(store)
    const row = fresh()
    const { subject } = row
    await flows.start(subject)
    const later = { later: { kept: true } }
    const started = await rowOf(store, subject)
    const [grant] = fullState(subject, 1).grants
    const stored = {
      ...{ ...started, ...later, v: 1, grants: [{ ...grant, ...later }] },
      factors: {
        phone: { ...phoneOf(started), ...later },
        another: { ...unknownPart, ...later },
      },
    }
    await node.set(`${keyPrefix}${subject}`, JSON.stringify(stored))
    const [code = ''] = flows.sent
    expect(await flows.guess(subject, wrongCode(code))).toBe('code_incorrect')
    expect(await flows.guess(subject, code)).toBe('passed')

    const value = JSON.parse((await node.get(`${keyPrefix}${subject}`)) ?? '') as SubjectState
    expect(value).toMatchObject({ v: 1, failures: 0, ...later })
    expect(value.grants).toHaveLength(2)
    expect(value.grants[0]).toEqual({ ...grant, ...later })
    expect(value.factors['phone']).toMatchObject({ challenge: null, ...later })
    expect(value.factors['another']).toEqual({ ...unknownPart, ...later })
  })

  const secret = 'an id nobody may read'
  const good = {
    v: 1,
    ...fresh(
      withParts(fresh({ subject: 'x' }), {
        phone: { ...fullPhonePart, challenge: { ...challenge, id: secret, epoch: 0 } },
      }),
    ),
  }
  const goodPart = { ...fullPhonePart, challenge: { ...challenge, id: secret, epoch: 0 } }
  const partly = (fields: object) => ({ ...good, factors: { phone: { ...goodPart, ...fields } } })
  const challenged = (fields: object) => partly({ challenge: { ...goodPart.challenge, ...fields } })
  const json = (value: unknown) => JSON.stringify(value)

  /** Makes this the value of a user's row. */
  async function plant(value: string): Promise<{ subject: string; key: string; stored: string }> {
    const subject = randomUUID()
    const key = `${keyPrefix}${subject}`
    const stored = value.replaceAll('"subject":"x"', `"subject":"${subject}"`)
    await node.set(key, stored)
    return { subject, key, stored }
  }

  test.each([
    ['no JSON', `{"v":1,"${secret}`, 'not a JSON object'],
    ['empty', '', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['a list', '[]', 'not a JSON object'],
    ['of a later format', json({ ...good, v: 2 }), 'format version'],
    ['of no format', json({ ...good, v: undefined }), 'format version'],
    ["another user's", json({ ...good, subject: 'y' }), 'subject'],
    ['without failures', json({ ...good, failures: undefined }), 'failures'],
    ['of negative failures', json({ ...good, failures: -1 }), 'failures'],
    ['without a lock', json({ ...good, lock: null }), 'lock'],
    [
      'with a lock until a string',
      json({ ...good, lock: { tier: 1, until: 'never' } }),
      'lock.until',
    ],
    ['disabled until an instant', json({ ...good, lock: { tier: 'disabled', until: 1 } }), 'lock'],
    ['with grants of another kind', json({ ...good, grants: [secret] }), 'grants[0]'],
    ['with grants as an object', json({ ...good, grants: {} }), 'grants'],
    ['without factors', json({ ...good, factors: undefined }), 'factors'],
    ['with factors as a list', json({ ...good, factors: [] }), 'factors'],
    ['with a factor of null', json({ ...good, factors: { totp: null } }), 'factors.totp'],
    ['held by a string', json({ ...good, factors: { totp: { held: 'no' } } }), 'factors.totp.held'],
    ['kept until a string', json({ ...good, keepUntil: 'never' }), 'keepUntil'],
    ['written at no instant', json({ ...good, updatedAt: null }), 'updatedAt'],
  ])(
    'a value that is %s is a fault, never a missing row, and is not overwritten',
    async (_what, value, field) => {
      const { subject, key, stored } = await plant(value)
      const error: unknown = await store.read(subject).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(StoreUnavailableError)
      expect(String(error)).toContain(field)
      expect(String(error)).not.toContain(secret)
      const flows = phoneFlows(store)
      await expect(flows.start(subject)).rejects.toThrow(StoreUnavailableError)
      expect(flows.sent).toEqual([])
      expect(await store.compareAndSwap(subject, null, fresh({ subject }))).toBe(false)
      expect(await node.get(key)).toBe(stored)
    },
  )

  test.each([
    ['without sends', partly({ sends: {} }), 'sends.count'],
    ['with half a challenge', partly({ challenge: { id: secret } }), 'challenge.sessionKey'],
    ['with attempts of a string', challenged({ attempts: '0' }), 'challenge.attempts'],
    ['with half a receipt', challenged({ receipt: { ref: secret } }), 'challenge.receipt.status'],
    [
      'with a receipt of an unknown status',
      challenged({ receipt: { ref: 'SM1', status: 'lost', reason: null } }),
      'challenge.receipt.status',
    ],
    ['for an unknown purpose', challenged({ purpose: 'constructor' }), 'challenge.purpose'],
    ['with a code of nobody', challenged({ code: { owner: 'nobody' } }), 'challenge.code.owner'],
  ])(
    'a phone %s is a fault, never a phone without messages, and is not overwritten',
    async (_what, value, field) => {
      const { subject, key, stored } = await plant(json(value))
      const flows = phoneFlows(store)
      for (const work of [flows.start(subject), flows.guess(subject, '123456')]) {
        const error: unknown = await work.catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(StoreUnavailableError)
        expect(String(error)).toContain(`the field factors.phone.${field} of`)
        expect(String(error)).not.toContain(secret)
      }
      expect(flows.sent).toEqual([])
      expect(await node.get(key)).toBe(stored)
    },
  )

  test('the value that these are derived from is intact', async () => {
    const { subject } = await plant(json(good))
    expect(phoneOf(await rowOf(store, subject)).challenge?.id).toBe(secret)
  })

  test('a row that could not be read back is not written', async () => {
    const row = fresh()
    const broken: readonly (readonly [SubjectState, field: string])[] = [
      [{ ...row, failures: Number.NaN }, 'failures'],
      [{ ...row, lock: { tier: 1, until: Number.NaN } }, 'lock.until'],
      [{ ...row, subject: 'another' }, 'subject'],
    ]
    for (const [wrong, field] of broken) {
      const swap = store.compareAndSwap(row.subject, null, wrong)
      await expect(swap).rejects.toThrow(`the field ${field} of`)
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

  test('a sendCommand that forgets to return is a fault that says so, not a missing row', async () => {
    const store = redisStore({ sendCommand: () => Promise.resolve(), acceptEviction: true })
    await expect(store.read('a')).rejects.toThrow(/sendCommand must return/)
    const swap = store.compareAndSwap('a', null, newSubject('a', 1, 0))
    await expect(swap).rejects.toThrow(/sendCommand must return/)
  })

  test('a client that returns bytes works', async () => {
    const row = newSubject('a', 1, 0)
    const value = JSON.stringify({ v: 1, ...row })
    const answers: Readonly<Record<string, unknown>> = {
      CONFIG: new Map([[Buffer.from('maxmemory-policy'), Buffer.from('noeviction')]]),
      get: Buffer.from(value),
      evalsha: Buffer.from('1'),
    }
    const store = redisStore({
      sendCommand: (_key, [command]) => Promise.resolve(answers[command]),
    })
    expect(await store.read('a')).toEqual(row)
    expect(await store.compareAndSwap('a', null, row)).toBe(true)
  })
})
