/**
 * The audit log: an operator's action is recorded before it is done, or is not done; everything else is recorded soon
 * after.
 */

import { afterEach, describe, expect, test, vi } from 'vitest'

import { memoryAudit } from '../../src/adapters/memory/memory-audit.js'
import {
  AuditUnavailableError,
  ConfigurationError,
  forSubject,
  recoveryCodes,
  totp,
  type AuditEntry,
  type AuditLog,
} from '../../src/index.js'
import type { TestUser } from '../support/app.js'
import { t0 } from '../support/clock.js'
import { openHeadless, type Headless } from '../support/headless.js'
import { deferred } from './rig.js'

const by = { actor: 'support:maria', reason: 'ticket 4711, called back' }
const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

/** A second factor with an audit log, and every kind of factor. */
function openAudited(audit: AuditLog = memoryAudit(), storeTimeoutSeconds = 5): Headless {
  const users = {
    ...{ id: ({ id }: TestUser) => id, phone: ({ phone }: TestUser) => phone },
    ...{ hasFactors: () => false, setHasFactors: () => undefined },
  }
  return openHeadless({ audit, storeTimeoutSeconds, users, factors: [totp(), recoveryCodes()] })
}

/** An audit log whose calls a test replaces. */
function faulty(parts: Partial<AuditLog>): AuditLog {
  return { ...memoryAudit(), ...parts }
}

/** Everything that an operator can do, by the type of its entry. */
const actions: Readonly<
  Record<string, readonly [type: string, act: (headless: Headless) => Promise<unknown>]>
> = {
  reset: ['reset', ({ secondFactor, alice }) => secondFactor.reset(alice, by)],
  resetAttempts: ['reset', ({ secondFactor, alice }) => secondFactor.resetAttempts(alice, by)],
  resetResends: ['reset', ({ secondFactor, alice }) => secondFactor.resetResends(alice, by)],
  expire: ['reset', ({ secondFactor, alice }) => secondFactor.expire(alice, by)],
  revoke: ['all_grants_revoked', ({ secondFactor, alice }) => secondFactor.revoke(alice, by)],
  removeFactor: [
    'factor_removed',
    async ({ secondFactor, alice }) => {
      const [app] = await secondFactor.listFactors(alice)
      return secondFactor.removeFactor(alice, app?.id ?? '', by)
    },
  ],
  resetFactors: [
    'factors_reset',
    ({ secondFactor, alice }) => secondFactor.resetFactors(alice, by),
  ],
  revokeDevices: [
    'device_revoked',
    ({ secondFactor, alice }) => secondFactor.revokeDevices(alice, undefined, by),
  ],
  importTotp: [
    'factor_added',
    ({ secondFactor, alice }) => secondFactor.importTotp(alice, secret, by),
  ],
  forget: ['forgotten', ({ secondFactor, alice }) => secondFactor.forget(alice, by)],
}

/** The same, with a row that each of them would change, on a log that fails from now on. */
async function withRow(parts: Partial<AuditLog>, seconds?: number): Promise<Headless> {
  const log: AuditLog = memoryAudit()
  let isUp = true
  const audit: AuditLog = {
    append: (entries) =>
      isUp || parts.append === undefined ? log.append(entries) : parts.append(entries),
    settle: (...note) =>
      isUp || parts.settle === undefined ? log.settle(...note) : parts.settle(...note),
    read: (query) => log.read(query),
  }
  const headless = openAudited(audit, seconds)
  const { secondFactor, alice } = headless
  await secondFactor.importTotp(alice, secret)
  await secondFactor.start(alice, { method: 'sms' })
  await secondFactor.verify(alice, '000000', { method: 'sms' })
  await secondFactor.close()
  isUp = false
  return headless
}

afterEach(() => {
  vi.useRealTimers()
})

describe.each(Object.entries(actions))('%s', (_name, [type, act]) => {
  test('is recorded with its actor and reason before it is done, and then with its outcome', async () => {
    const written: AuditEntry[] = []
    const headless = await withRow({
      append: async (entries) => {
        written.push(...entries)
        rowThen = JSON.stringify(await headless.store.read('1'))
      },
    })
    let rowThen = ''
    const before = JSON.stringify(await headless.store.read('1'))
    await act(headless)
    expect(written[0]).toMatchObject({ type, subject: '1', ...by, outcome: 'started' })
    expect(rowThen).toBe(before)

    const other = await withRow({})
    await act(other)
    const [entry] = await other.secondFactor.history(other.alice)
    expect(entry).toMatchObject({ type, subject: '1', ...by, outcome: 'done' })
    const types = (await other.secondFactor.history(other.alice)).map((each) => each.type)
    expect(types.filter((each) => each === type)).toHaveLength(type === 'factor_added' ? 2 : 1)
  })

  test.each([
    ['down', () => Promise.reject(new Error('connect ECONNREFUSED password=hunter2'))],
    ['hanging', () => new Promise<never>(() => undefined)],
    [
      'broken',
      () => {
        throw new TypeError('undefined is not a function')
      },
    ],
  ])('is refused while the log is %s, and leaves the row as it is', async (_how, append) => {
    const headless = await withRow({ append }, 0.05)
    const before = JSON.stringify(await headless.store.read('1'))
    const error: unknown = await act(headless).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AuditUnavailableError)
    expect(error).toMatchObject({ code: 'audit_unavailable' })
    expect((error as Error).message).not.toContain('hunter2')
    expect(JSON.stringify(await headless.store.read('1'))).toBe(before)
    expect(headless.events).toContainEqual(
      expect.objectContaining({ type: 'fault', code: 'audit_unavailable' }),
    )
    expect(headless.events.map((event) => event.type)).not.toContain(
      type === 'factor_added' ? 'factor_removed' : type,
    )
  })
})

describe('an action of an operator', () => {
  test.each([
    ['an actor of spaces', { ...by, actor: ' ' }],
    ['an actor as long as a book', { ...by, actor: 'x'.repeat(201) }],
    [
      'a reason with another line in it, as if another entry stood there',
      { ...by, reason: 'a\nb' },
    ],
    ['a reason with an escape sequence', { ...by, reason: '\u001b[2K' }],
    ['a NUL, which PostgreSQL cannot keep', { ...by, actor: 'maria\0' }],
    ['half a character', { ...by, actor: '\ud800' }],
    ['an actor that is no text', { ...by, actor: { name: 'maria' } as never }],
    ['an option that there is not', { ...by, by: 'maria' } as never],
  ])('with %s is refused, and neither recorded nor done', async (_title, action) => {
    const headless = await withRow({})
    const before = JSON.stringify(await headless.store.read('1'))
    const { secondFactor, alice } = headless
    for (const acting of [
      () => secondFactor.reset(alice, action),
      () => secondFactor.revoke(alice, action),
      () => secondFactor.removeFactor(alice, 'x', action),
      () => secondFactor.resetFactors(alice, action),
      () => secondFactor.revokeDevices(alice, 'x', action),
      () => secondFactor.importTotp(alice, secret, action),
      () => secondFactor.forget(alice, action),
    ]) {
      await expect(acting()).rejects.toThrow(ConfigurationError)
    }
    expect(JSON.stringify(await headless.store.read('1'))).toBe(before)
    const entries = await secondFactor.history(alice)
    expect(entries.filter(({ actor }) => actor !== null)).toEqual([])
  })

  test('that a rule refuses is recorded as refused, with its code', async () => {
    const { secondFactor, alice } = await withRow({})
    const answer = await secondFactor.removeFactor(alice, 'nothing', by)
    expect(answer).toMatchObject({ code: 'factor_not_enrolled' })
    const [entry] = await secondFactor.history(alice)
    expect(entry).toMatchObject({
      ...{ type: 'factor_removed', outcome: 'refused', ...by },
      details: { id: 'nothing', code: 'factor_not_enrolled' },
    })
  })

  test('on something with an endless id is recorded with the beginning of it', async () => {
    const { secondFactor, alice } = await withRow({})
    await secondFactor.removeFactor(alice, 'x'.repeat(100_000), by)
    const [entry] = await secondFactor.history(alice)
    expect(entry?.details).toEqual({ id: 'x'.repeat(200), code: 'factor_not_enrolled' })
  })

  test('that fails in the store is recorded as failed', async () => {
    const headless = await withRow({})
    headless.store.compareAndSwap = () => Promise.reject(new Error('gone'))
    const { secondFactor, alice } = headless
    await expect(secondFactor.reset(alice, by)).rejects.toThrow('store')
    const [entry] = await secondFactor.history(alice)
    expect(entry).toMatchObject({ outcome: 'failed', details: { code: 'store_unavailable' } })
  })

  test('stays done if its outcome cannot be recorded, which happens once the log is up', async () => {
    let isUp = false
    const log = memoryAudit()
    const audit = faulty({
      append: (entries) => log.append(entries),
      read: (query) => log.read(query),
      settle: (...note) => (isUp ? log.settle(...note) : Promise.reject(new Error('down'))),
    })
    const { secondFactor, alice } = openAudited(audit)
    await secondFactor.importTotp(alice, secret, by)
    expect(await secondFactor.listFactors(alice)).toHaveLength(1)
    const [started] = await secondFactor.history(alice)
    expect(started).toMatchObject({ outcome: 'started' })
    isUp = true
    await secondFactor.close()
    const [noted] = await secondFactor.history(alice)
    expect(noted).toMatchObject({ id: started?.id, outcome: 'done' })
  })

  test('that is recorded too late is marked as refused, because it was not done', async () => {
    const late = deferred<undefined>()
    const log = memoryAudit()
    const audit = faulty({
      append: async (entries) => {
        if (entries.some(({ outcome }) => outcome === 'started')) await late.promise
        await log.append(entries)
      },
      read: (query) => log.read(query),
      settle: (...note) => log.settle(...note),
    })
    const { secondFactor, alice } = openAudited(audit, 0.05)
    await expect(secondFactor.reset(alice, by)).rejects.toThrow('within 0.05 s')
    late.resolve(undefined)
    await new Promise((resolve) => setImmediate(resolve))
    await secondFactor.close()
    const [entry] = await secondFactor.history(alice)
    expect(entry).toMatchObject({
      ...{ type: 'reset', outcome: 'refused' },
      details: { scope: 'all', code: 'audit_unavailable' },
    })
  })
})

describe('the trail', () => {
  test('records who passed, who was locked and what was refused, without codes and phones', async () => {
    const headless = openAudited()
    const { secondFactor, alice } = headless
    await secondFactor.start(alice)
    await secondFactor.start(alice)
    for (let n = 0; n < 2; n += 1) await secondFactor.verify(alice, '000000')
    await secondFactor.verify(alice, headless.codes()[0] ?? '')
    const entries = await secondFactor.history(alice)
    expect(entries.map(({ type }) => type)).toEqual(['passed', 'start_refused'])
    expect(entries[0]).toMatchObject({ actor: null, reason: null, outcome: null })
    const text = JSON.stringify(entries)
    for (const code of headless.codes()) expect(text).not.toContain(code)
    expect(text).not.toMatch(/\d{7,}(?!\d*[A-Z])/)
  })

  test('replaces a subject that is a phone by a pseudonym, and still finds it', async () => {
    const written: AuditEntry[] = []
    const log = memoryAudit()
    const audit = faulty({
      append(entries) {
        written.push(...entries)
        return log.append(entries)
      },
      read: (query) => log.read(query),
    })
    const { secondFactor } = openAudited(audit)
    const [mine, like] = ['+237671234567', '+237699999967'].map((phone) => forSubject(phone))
    if (mine === undefined || like === undefined) throw new Error('no targets')
    await secondFactor.reset(mine, by)
    await secondFactor.reset(like, { ...by, reason: 'of another' })
    expect(JSON.stringify(written)).not.toMatch(/\d{7,}(?!\d*[A-Z])/)
    expect(await secondFactor.history(mine)).toMatchObject([{ reason: by.reason }])
    expect(await secondFactor.history(like)).toMatchObject([{ reason: 'of another' }])
  })

  test('is written within a second, or as soon as there are two hundred entries', async () => {
    vi.useFakeTimers()
    const sizes: number[] = []
    const { secondFactor, alice } = openAudited(
      faulty({
        append(entries) {
          sizes.push(entries.length)
          return Promise.resolve()
        },
      }),
    )
    const pass = async (id: string) => {
      const target = forSubject(id, '+14155550199')
      await secondFactor.start(target, { method: 'sms' })
      await secondFactor.start(target, { method: 'sms' })
    }
    await secondFactor.start(alice, { method: 'sms' })
    await secondFactor.start(alice, { method: 'sms' })
    expect(sizes).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sizes).toEqual([1])
    for (let n = 0; n < 200; n += 1) await pass(`job-${n}`)
    await vi.advanceTimersByTimeAsync(0)
    expect(sizes).toEqual([1, 200])
  })

  test('counts repeats: a flood of refusals becomes one entry a second', async () => {
    const { secondFactor, alice } = openAudited()
    for (let n = 0; n < 50; n += 1) await secondFactor.start(alice, { method: 'sms' })
    const entries = await secondFactor.history(alice)
    expect(entries).toMatchObject([
      { type: 'start_refused', details: { code: 'cooldown', times: 49 } },
    ])
  })

  test('buffers up to 2,000 entries while the log is down, and records how many were lost', async () => {
    let isUp = false
    const written: AuditEntry[] = []
    const { secondFactor } = openAudited(
      faulty({
        append(entries) {
          if (!isUp) return Promise.reject(new Error('down'))
          written.push(...entries)
          return Promise.resolve()
        },
      }),
    )
    const refuse = async (n: number) => {
      const target = forSubject(`job-${n}`, '+14155550199')
      await secondFactor.start(target, { method: 'sms' })
      await secondFactor.start(target, { method: 'sms' })
    }
    for (let n = 0; n < 2_010; n += 1) await refuse(n)
    isUp = true
    await secondFactor.close()
    const refused = written.filter(({ type }) => type === 'start_refused')
    expect(new Set(refused.map(({ subject }) => subject)).size).toBe(refused.length)
    expect(refused.length).toBeGreaterThan(1_990)
    const [loss] = written.filter(({ type }) => type === 'audit_incomplete')
    expect(refused.length + Number(loss?.details['lost'])).toBeGreaterThanOrEqual(2_010)
    expect(written.map(({ type }) => type)).toContain('fault')
  })

  test('can be read by many at once while writes hang, none of whom waits for the others', async () => {
    let writes = 0
    const log = memoryAudit()
    const { secondFactor, alice } = openAudited(
      faulty({
        append() {
          writes += 1
          return new Promise(() => undefined)
        },
        read: (query) => log.read(query),
      }),
      0.05,
    )
    await secondFactor.start(alice)
    await secondFactor.start(alice)
    const reads = Array.from({ length: 20 }, () => secondFactor.history(alice))
    expect(await Promise.all(reads)).toHaveLength(20)
    expect(writes).toBe(1)
  })

  test('closes in seconds while writes hang, however many repeats came in', async () => {
    vi.useFakeTimers()
    const { secondFactor } = openAudited(faulty({ append: () => new Promise(() => undefined) }))
    const refuse = async (n: number) => {
      const target = forSubject(`job-${n}`, '+14155550199')
      await secondFactor.start(target, { method: 'sms' })
      await secondFactor.start(target, { method: 'sms' })
    }
    for (let n = 0; n < 400; n += 1) await refuse(n)
    for (let n = 0; n < 50; n += 1) await refuse(399)
    let isClosed = false
    const closing = secondFactor.close().then(() => {
      isClosed = true
    })
    await vi.advanceTimersByTimeAsync(20_000)
    expect(isClosed).toBe(true)
    await closing
  })

  test('can be read page by page, newest first', async () => {
    const headless = openAudited()
    const { secondFactor, alice } = headless
    for (let n = 0; n < 5; n += 1) {
      headless.now = t0 + Math.floor(n / 2) * 1_000
      await secondFactor.expire(alice, { ...by, reason: `ticket ${n}` })
    }
    const first = await secondFactor.history(alice, { limit: 2 })
    expect(first.map(({ reason }) => reason)).toEqual(['ticket 4', 'ticket 3'])
    const rest = await secondFactor.history(alice, { before: first[1]?.id })
    expect(rest.map(({ reason }) => reason)).toEqual(['ticket 2', 'ticket 1', 'ticket 0'])
    expect(await secondFactor.history(forSubject('2'))).toEqual([])
  })

  test.each([
    ['no limit', { limit: 0 }],
    ['half a limit', { limit: 1.5 }],
    ['a limit of all', { limit: 501 }],
    ['an id that is none', { before: "'; DROP TABLE" }],
    ['an option that there is not', { after: 'x' }],
  ])('cannot be read with %s', async (_title, options) => {
    const { secondFactor, alice } = openAudited()
    await expect(secondFactor.history(alice, options as object)).rejects.toThrow(ConfigurationError)
  })

  test('names the missing option if nothing is audited', async () => {
    const { secondFactor, alice } = openHeadless()
    await expect(secondFactor.history(alice)).rejects.toMatchObject({ option: 'audit' })
    await secondFactor.close()
  })

  test('outlives its user: erasing a user does not erase what was done', async () => {
    const { secondFactor, alice } = openAudited()
    await secondFactor.importTotp(alice, secret, { actor: 'mallory', reason: 'a friend asks' })
    await secondFactor.forget(alice, { actor: 'mallory', reason: 'account deleted' })
    const entries = await secondFactor.history(alice)
    expect(entries.map(({ type, actor }) => [type, actor])).toEqual([
      ['forgotten', 'mallory'],
      ['factor_added', 'mallory'],
    ])
  })

  test('degrades health while its log is down, without taking anything out of service', async () => {
    const up = openAudited()
    expect(await up.secondFactor.health()).toMatchObject({
      ...{ status: 'ok', checks: { audit: { ok: true } } },
    })
    const { secondFactor } = openAudited(faulty({ read: () => Promise.reject(new Error('down')) }))
    expect(await secondFactor.health()).toMatchObject({
      ...{ status: 'degraded', checks: { audit: { ok: false }, store: { ok: true } } },
    })
  })
})

test('an invalid audit log is refused, with the option named', () => {
  expect(() => openHeadless({ audit: { append: () => undefined } as never })).toThrow(
    /audit must have append\(\), settle\(\), read\(\)/,
  )
})

test('an audit log in memory warns in production', () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  vi.stubEnv('NODE_ENV', 'production')
  memoryAudit()
  vi.unstubAllEnvs()
  expect(warn.mock.calls).toMatchObject([[/memoryAudit/, { code: 'SECOND_FACTOR_MEMORY_AUDIT' }]])
  warn.mockRestore()
})
