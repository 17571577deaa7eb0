/** Counting events for the operators' pages: only a kill loses counts, and nothing hostile creates a counter. */

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { memoryCounts, type CountStore, type SecondFactorEvent } from '../../src/index.js'
import { bucketAt, bucketLength } from '../../src/operations/buckets.js'
import { countEvents } from '../../src/operations/count-events.js'
import { countersOf } from '../../src/operations/counters.js'
import { countersOfPage } from '../../src/operations/figures.js'

const now = Date.parse('2026-01-01T00:00:00Z')

function event(type: string, facts: object = {}, at = now): SecondFactorEvent {
  return { type, subject: '1', ...facts, at: new Date(at) } as unknown as SecondFactorEvent
}

/** The units that a store holds by now. */
async function unitsOf(counts: CountStore, ...names: string[]): Promise<Record<string, number>> {
  const found = await counts.series(
    names.map((name) => `o:${name}`),
    0,
  )
  return Object.fromEntries(
    names.map((name) => [
      name,
      found
        .filter(({ counter }) => counter === `o:${name}`)
        .reduce((sum, { units }) => sum + units, 0),
    ]),
  )
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('the sink', () => {
  test('writes a second’s events in one call, in counter order', async () => {
    const counts = memoryCounts()
    const add = vi.spyOn(counts, 'add')
    const sink = countEvents(counts)
    for (const country of ['IN', 'CM', 'CM']) void sink.emit(event('challenge_sent', { country }))
    expect(add).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(add).toHaveBeenCalledTimes(1)
    expect(add.mock.calls[0]?.[0].map(({ counter, units }) => [counter, units])).toEqual([
      ['o:s:CM', 2],
      ['o:s:IN', 1],
      ['o:sent', 3],
    ])
  })

  test('does not wait the full second if there are many events', async () => {
    const counts = memoryCounts()
    const sink = countEvents(counts)
    for (let each = 0; each < 250; each += 1) {
      void sink.emit(event('locked', {}, now + each * bucketLength))
    }
    await vi.advanceTimersByTimeAsync(0)
    expect((await unitsOf(counts, 'locked'))['locked']).toBeGreaterThanOrEqual(200)
  })

  test('keeps unwritten counts, and retries a failing store once a second', async () => {
    const counts = memoryCounts()
    const add = vi.spyOn(counts, 'add').mockRejectedValue(new Error('no database'))
    const sink = countEvents(counts)
    for (let each = 0; each < 500; each += 1) {
      void sink.emit(event('locked', {}, now + each * bucketLength))
      await vi.advanceTimersByTimeAsync(10)
    }
    expect(add.mock.calls.length).toBeLessThanOrEqual(7)
    add.mockRestore()
    await sink.flush()
    expect(await unitsOf(counts, 'locked')).toEqual({ locked: 500 })
  })

  test('continues after a store call that never settles', async () => {
    const counts = memoryCounts()
    const add = vi.spyOn(counts, 'add').mockReturnValueOnce(new Promise(() => undefined))
    const sink = countEvents(counts)
    void sink.emit(event('locked'))
    await vi.advanceTimersByTimeAsync(7_500)
    expect(add).toHaveBeenCalledTimes(2)
    expect(await unitsOf(counts, 'locked')).toEqual({ locked: 1 })
  })

  test('buffers a limited amount, however long the store is down', async () => {
    const add = vi.fn<CountStore['add']>().mockRejectedValue(new Error('no database'))
    const sink = countEvents({ add })
    for (let each = 0; each < 20_000; each += 1) {
      void sink.emit(event('locked', {}, now + each * bucketLength))
    }
    await sink.flush()
    await sink.flush()
    expect(Math.max(...add.mock.calls.map(([batch]) => batch.length))).toBeLessThanOrEqual(5_000)
  })
})

describe('an event', () => {
  test.each<[string, object, string[]]>([
    ['challenge_sent', { country: null }, ['sent', 's:other']],
    ['delivery_failed', { outcome: 'rejected', resent: false, country: 'CM' }, ['rejected']],
    ['delivery_failed', { outcome: 'maybe_sent', resent: true, country: 'CM' }, ['unsure', 's:CM']],
    [
      'delivery_failed',
      { outcome: 'operator_fault', resent: false },
      ['misconfigured', 'fault-sender'],
    ],
    ['delivery_failed', { outcome: 'operator_fault', resent: null }, ['fault-sender']],
    ['delivery_reported', { delivery: 'failed' }, ['undelivered']],
    ['delivery_reported', { delivery: 'sent' }, []],
    ['passed', { method: 'totp' }, ['passed']],
    ['passed', { elapsedSeconds: 12, country: 'CM' }, ['passed', 'verified', 'wait:15', 'v:CM']],
    ['passed', { elapsedSeconds: 1e9, country: 'CM' }, ['passed', 'verified', 'wait:more', 'v:CM']],
    ['verify_refused', { code: 'locked_out' }, ['barred']],
    ['verify_refused', { code: 'code_incorrect' }, ['wrong']],
    ['send_decided', { verdict: 'refused' }, ['limited']],
    ['send_decided', { verdict: 'allowed' }, []],
    ['limit_reached', { share: 1 }, ['full']],
    ['fault', { code: 'store_unavailable' }, ['fault-store']],
    ['fault', { code: 'audit_unavailable' }, ['fault-audit']],
    ['fault', { code: '__proto__' }, ['fault-other']],
    ['toString', {}, []],
    ['__proto__', {}, []],
  ])('%s %o adds to its counters', (type, facts, counters) => {
    expect(countersOf({ ...facts, type })).toEqual(counters.map((name) => `o:${name}`))
  })

  test('of any kind adds only to counters that the page reads', () => {
    const countries = ['A', 'B', 'C'].flatMap((first) =>
      ['X', 'Y', 'Z'].map((second) => first + second),
    )
    const known = new Set(countersOfPage(countries))
    const word = fc.oneof(fc.string(), fc.constantFrom('AX', 'BY', 'rejected', 'refused', 'failed'))
    const value = fc.oneof(word, fc.double(), fc.constant(null), fc.object(), fc.boolean())
    const types = [
      ...['challenge_sent', 'delivery_failed', 'delivery_reported', 'passed', 'verify_refused'],
      ...['send_decided', 'limit_reached', 'fault', 'locked'],
    ]
    const names = ['country', 'outcome', 'delivery', 'code', 'verdict', 'elapsedSeconds', 'share']
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.dictionary(fc.constantFrom(...names), value),
        (type, facts) => {
          const own = countersOf({ ...facts, type })
          // Of a country that no phone has, whoever made the event would have to be the package itself.
          const strays = own.filter((name) => !known.has(name) && !/^o:[sv]:[A-Z]{2}$/.test(name))
          expect(strays).toEqual([])
          for (const counter of own) expect(counter).toMatch(/^[\x20-\x7e]{1,64}$/)
        },
      ),
    )
  })
})

test('the page’s counters are separate from those of the limits', () => {
  const counters = countersOfPage(['CM'])
  expect(counters.filter((counter) => !counter.startsWith('o:'))).toEqual([])
  expect(new Set(counters).size).toBe(counters.length)
  expect(bucketAt(now)).toBe(now / bucketLength)
})
