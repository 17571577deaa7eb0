/** Counts or a guard do not respond, and a vendor's response restores units. */

import { describe, expect, test, vi } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import { ConfigurationError } from '../../../../src/core/errors.js'
import type { LimitsOptions } from '../../../../src/factors/phone/limits/options.js'
import type { SendResult } from '../../../../src/factors/phone/ports/code-sender.js'
import type { SendGuard } from '../../../../src/factors/phone/ports/send-guard.js'
import type { CountStore } from '../../../../src/ports/count-store.js'
import { rejectWithNothing } from '../../../flows/rig.js'
import { hour, minute } from '../../../support/clock.js'
import { openLimited, phoneInRow } from '../../../support/limited-rig.js'
import { cameroon } from '../../../support/phones.js'

const known = { purpose: 'sign-in', phoneClass: 'known' } as const
const stated = { purpose: 'sign-in', phoneClass: 'stated' } as const

const never = () => new Promise<never>(() => undefined)
const throwing = () => {
  throw new Error(`secret of ${cameroon}`)
}

/** Counts of which one call fails. */
function failing(verb: 'sums' | 'take', how: () => Promise<never>): CountStore {
  return { ...memoryCounts(), [verb]: how }
}

describe.each([
  ['reject when they are read', failing('sums', rejectWithNothing)],
  ['throw when they are read', failing('sums', throwing)],
  ['never answer when they are read', failing('sums', never)],
  ['reject when they are written', failing('take', rejectWithNothing)],
  ['never answer when they are written', failing('take', never)],
])('while the counts %s', (_what, counts) => {
  const open = (whenUnavailable?: LimitsOptions['whenUnavailable']) =>
    openLimited({ counts, whenUnavailable, timeoutSeconds: 0.01 })

  test('new phones are refused, and sign-ins are still sent their code', async () => {
    const rig = open()
    expect(await rig.send()).toBe('delivery_unavailable')
    expect(await rig.send(known)).toBe('sent')
    expect(await rig.send(stated)).toBe('sent')
    expect(rig.messages).toHaveLength(2)
  })

  test('operators can choose to refuse everything or send everything', async () => {
    const all = open('refuse-all')
    expect(await all.send(known)).toBe('delivery_unavailable')
    const none = open('send')
    expect(await none.send()).toBe('sent')
  })

  test('the fault is reported once a minute, without its content', async () => {
    const rig = open()
    for (let n = 0; n < 3; n += 1) await rig.send()
    rig.now += minute
    await rig.send()
    const faults = rig.events.filter(({ type }) => type === 'fault')
    expect(faults).toHaveLength(2)
    expect(JSON.stringify(rig.events)).not.toContain(cameroon)
    expect(faults[0]).toMatchObject({ code: 'limits_unavailable' })
  })
})

test('a once-a-day guard is called while the counts are down, because earlier calls are unknown', async () => {
  const check = vi.fn<SendGuard['check']>(({ isFirstInDay }) =>
    Promise.resolve(
      isFirstInDay ? { verdict: 'refuse', reason: 'destination_blocked' } : { verdict: 'allow' },
    ),
  )
  const rig = openLimited({
    ...{ counts: failing('sums', rejectWithNothing), whenUnavailable: 'send' },
    guards: [{ name: 'once-a-day', check }],
  })
  expect([await rig.send(), await rig.send()]).toEqual([
    'destination_blocked',
    'destination_blocked',
  ])
  expect(rig.messages).toEqual([])
})

test('a take refused for an unknown counter counts as unavailable', async () => {
  const counts: CountStore = { ...memoryCounts(), take: () => Promise.resolve(['another']) }
  const rig = openLimited({ counts })
  expect(await rig.send()).toBe('delivery_unavailable')
  expect(await rig.send(known)).toBe('sent')
  expect(rig.events).toContainEqual(
    expect.objectContaining({ type: 'send_decided', verdict: 'refused', by: 'unavailable' }),
  )
})

test('impossible sums are treated as a full counter', async () => {
  const counts: CountStore = {
    ...memoryCounts(),
    sums: (counters) => {
      const broken = { now: 0, beside: 0, hour: -5, day: NaN, week: 0 }
      const fine = { now: 0, beside: 0, hour: 0, day: 0, week: 0 }
      return Promise.resolve(
        new Map(counters.map((each) => [each, each.startsWith('b:') ? fine : broken])),
      )
    },
  }
  expect(await openLimited({ counts }).send()).toBe('send_limit')
})

describe('a guard', () => {
  const guarded = (check: SendGuard['check'], options: Partial<LimitsOptions> = {}) =>
    openLimited({ counts: memoryCounts(), guards: [{ name: 'gate', check }], ...options })

  test.each<[string, () => Promise<never>]>([
    ['throws', throwing],
    ['rejects', rejectWithNothing],
    ['answers nonsense', () => Promise.resolve({ verdict: 'perhaps' } as never)],
    ['refuses for a reason that is none', () => Promise.resolve({ verdict: 'refuse' } as never)],
  ])('that %s refuses new phones, and nobody who signs in', async (_what, check) => {
    const rig = guarded(check)
    expect(await rig.send()).toBe('delivery_unavailable')
    expect(await rig.send(known)).toBe('sent')
    expect(rig.events.filter(({ type }) => type === 'guard_failed')).toHaveLength(2)
  })

  test.each([
    [
      'a wrong setting gives its reason',
      new ConfigurationError('gate: vendor 20003'),
      'gate: vendor 20003',
    ],
    ['anything else gives none', new Error(`secret of ${cameroon}`), null],
  ])('that fails by %s', async (_what, error, reason) => {
    const rig = guarded(() => Promise.reject(error))
    await rig.send()
    expect(rig.events).toContainEqual(
      expect.objectContaining({ type: 'guard_failed', guard: 'gate', reason }),
    )
  })

  test('that never responds times out after three seconds', async () => {
    vi.useFakeTimers()
    try {
      const rig = guarded(never)
      const answer = rig.send()
      await vi.advanceTimersByTimeAsync(3_000)
      expect(await answer).toBe('delivery_unavailable')
    } finally {
      vi.useRealTimers()
    }
  })

  test('that refuses stops the message, which counts nothing', async () => {
    const counts = memoryCounts()
    const rig = guarded(() => Promise.resolve({ verdict: 'refuse', reason: 'send_limit' }), {
      counts,
    })
    expect(await rig.send(known)).toBe('send_limit')
    expect(rig.messages).toEqual([])
    expect(rig.events).toContainEqual(
      expect.objectContaining({ type: 'send_decided', verdict: 'refused', by: 'guard:gate' }),
    )
    expect(await counts.series(['p:+23767123'], 0)).toEqual([])
  })

  test('gets the message as it is, and is not called if a limit refuses', async () => {
    const check = vi.fn<SendGuard['check']>(() => Promise.resolve({ verdict: 'allow' }))
    const rig = guarded(check, { rules: { phone: { newPerDay: 2 } } })
    await rig.sendAll(3, () => ({ clientIp: '198.51.100.7' }))
    expect(check).toHaveBeenCalledTimes(2)
    expect(check.mock.calls.map(([{ isFirstInDay }]) => isFirstInDay)).toEqual([true, false])
    expect(check.mock.calls[0]?.[0]).toMatchObject({
      ...{ to: cameroon, country: 'CM', prefix: '+23767123', channel: 'sms', resent: false },
      ...{ purpose: 'enrolment', phoneClass: 'new', clientIp: '198.51.100.7', findings: [] },
    })
  })
})

describe('a message', () => {
  const sendsFor = async (answer: () => Promise<SendResult>) => {
    const counts = memoryCounts()
    const rig = openLimited({ counts })
    rig.answer = answer
    await rig.send()
    const held = await counts.series(['p:+23767123'], 0)
    return held.reduce((sum, { units }) => sum + units, 0)
  }

  test.each<[string, number, () => Promise<SendResult>]>([
    ['that went out stays counted', 1, () => Promise.resolve({ status: 'sent' })],
    ['that may have gone out stays counted', 1, () => Promise.resolve({ status: 'maybe_sent' })],
    ['whose sender throws stays counted', 1, throwing],
    [
      'that the vendor refuses is given back',
      0,
      () => Promise.resolve({ status: 'rejected', reason: 'unavailable' }),
    ],
    [
      'that needs an operator is given back',
      0,
      () => Promise.resolve({ status: 'operator_fault', reason: 'credentials' }),
    ],
  ])('%s', async (_what, units, answer) => {
    expect(await sendsFor(answer)).toBe(units)
  })

  test('that a vendor blocks for fraud blocks all neighbouring phones for as long, for everybody', async () => {
    const rig = openLimited({ counts: memoryCounts() })
    rig.answer = () =>
      Promise.resolve({
        status: 'rejected',
        reason: 'destination_blocked',
        blockedPrefixSeconds: 43_200,
      })
    expect(await rig.send({ destination: phoneInRow(7, '+23767123') })).toBe('destination_blocked')
    rig.answer = () => Promise.resolve({ status: 'sent' })
    const asked = rig.messages.length
    expect(await rig.send({ destination: phoneInRow(8, '+23767123') })).toBe('destination_blocked')
    expect(await rig.send({ destination: phoneInRow(9, '+23767123'), ...known })).toBe(
      'destination_blocked',
    )
    expect(rig.messages).toHaveLength(asked)
    expect(await rig.send({ destination: phoneInRow(8, '+23767124') })).toBe('sent')
    rig.now += 12 * hour - 10 * minute
    expect(await rig.send({ destination: phoneInRow(8, '+23767123') })).toBe('destination_blocked')
    rig.now += 20 * minute
    expect(await rig.send({ destination: phoneInRow(8, '+23767123') })).toBe('sent')
  })
})
