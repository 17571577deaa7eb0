/** Message outcomes are counted a second later, without a statement during a verification, and reveal attacks. */

import { describe, expect, test, vi } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import { newId } from '../../../../src/core/random.js'
import { recordDelivery } from '../../../../src/factors/phone/record-delivery.js'
import type { ReceiptSource } from '../../../../src/factors/phone/ports/receipt-source.js'
import type { CountStore } from '../../../../src/ports/count-store.js'
import { ask, begin, guess } from '../../../flows/rig.js'
import { hour, minute } from '../../../support/clock.js'
import { openLimited, phoneInRow, type LimitedRig } from '../../../support/limited-rig.js'
import { cameroon } from '../../../support/phones.js'
import { allCounts } from '../../../support/shared-counts.js'

const wide = { perHour: 10_000, perDay: 10_000 }

function bucketOf(now: number): number {
  return Math.floor(now / (10 * minute))
}

/** Verified messages of the country in the last hour and the days before, from other prefixes. */
async function addUsualTraffic(counts: CountStore, now: number): Promise<void> {
  const bucket = bucketOf(now)
  const additions = Array.from({ length: 3 * 144 }, (_none, age) =>
    [
      { counter: '~c:CM|s', units: 100 },
      { counter: '~c:CM|v', units: 85 },
    ].map((each) => ({ ...each, bucket: bucket - age, keepUntil: bucket + 3_000 })),
  ).flat()
  for (let first = 0; first < additions.length; first += 200) {
    await counts.add(additions.slice(first, first + 200))
  }
}

/** A hundred messages to new phones of one prefix within an hour, none of whose codes anybody enters. */
async function attack(rig: LimitedRig): Promise<Record<string, number>> {
  const tally: Record<string, number> = {}
  for (let n = 0; n < 100; n += 1) {
    const answer = await rig.send({ destination: phoneInRow(n, '+23767123') })
    tally[answer] = (tally[answer] ?? 0) + 1
    rig.now += 36_000
  }
  return tally
}

for (const { name, counts } of await allCounts('sf_limits_outcomes')) {
  describe(`with counts in ${name}`, () => {
    test('an attacker whose codes nobody enters is stopped at the prefix, and a neighbouring prefix is not', async () => {
      const unverified = { action: 'refuse' } as const
      const rig = openLimited({ counts, rules: { prefix: wide, unverified } })
      await addUsualTraffic(counts, rig.now)
      const { sent = 0, send_limit: refused = 0 } = await attack(rig)
      expect(sent).toBeLessThanOrEqual(40)
      expect(sent + refused).toBe(100)
      expect(rig.messages).toHaveLength(sent)
      expect(await rig.send({ destination: phoneInRow(1, '+23767124') })).toBe('sent')
      const alarms = rig.events.filter((event) => event.type === 'limit_reached')
      expect(alarms[0]).toMatchObject({ rule: 'unverified', counter: 'p:+237671••', share: 1 })
      await rig.phone.limits?.close()
    })

    test('the messages of a right code are counted under the prefix they were sent to', async () => {
      const rig = openLimited({ counts })
      rig.now += 3 * minute
      const [subject, sentIn] = [newId(), bucketOf(rig.now)]
      const sessionKey = await begin(rig, { subject, purpose: 'enrolment' })
      rig.now += 2 * minute
      await begin(rig, { subject, purpose: 'enrolment', sessionKey })
      rig.now += minute
      expect(bucketOf(rig.now)).toBe(sentIn + 1)
      await guess(rig, { subject, purpose: 'enrolment', sessionKey })
      await rig.phone.limits?.close()
      const names = ['~c:CM|s', '~c:CM|v', 'p:+23767123|v']
      const held = await counts.series(names, sentIn - 6)
      expect(held.toSorted((a, b) => (a.counter < b.counter ? -1 : 1))).toEqual(
        names.toSorted().map((counter) => ({ counter, bucket: sentIn, units: 2 })),
      )
    })
  })
}

describe('the rule by default', () => {
  test('refuses nobody and reports what it has found', async () => {
    const rig = openLimited({ counts: memoryCounts(), rules: { prefix: wide } })
    expect(await attack(rig)).toEqual({ sent: 100 })
    expect(rig.events.at(-2)).toMatchObject({
      ...{ type: 'send_decided', verdict: 'recorded', by: 'unverified' },
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: 'unverified', window: 'hour', action: 'record' }),
      ]) as unknown,
    })
  })

  test('neither counts nor limits sign-ins to a known phone', async () => {
    const counts = memoryCounts()
    const rig = openLimited({ counts, rules: { prefix: wide, unverified: { action: 'refuse' } } })
    await attack(rig)
    await rig.phone.limits?.close()
    rig.now += 10 * minute
    const before = await counts.series(['~c:CM|s'], 0)
    const known = { purpose: 'sign-in', phoneClass: 'known' } as const
    expect(await rig.send(known)).toBe('sent')
    await rig.phone.limits?.close()
    expect(await counts.series(['~c:CM|s'], 0)).toEqual(before)
    expect(await rig.send({ purpose: 'sign-in', phoneClass: 'stated' })).toBe('send_limit')
  })

  test('exempts the allowed, like the prefix and country rules', async () => {
    const allow = { networks: ['198.51.100.0/24'] }
    const rules = { prefix: wide, unverified: { action: 'refuse' } } as const
    const rig = openLimited({ counts: memoryCounts(), rules, allow })
    await attack(rig)
    await rig.phone.limits?.close()
    rig.now += 10 * minute
    expect(await rig.send({ clientIp: '198.51.100.7' })).toBe('sent')
    expect(await rig.send({ clientIp: '203.0.113.7' })).toBe('send_limit')
  })

  test('refuses new phones while counts cannot be read, and nobody in record-only mode', async () => {
    const broken = { ...memoryCounts(), series: () => Promise.reject(new Error('gone')) }
    const refusing = openLimited({ counts: broken, rules: { unverified: { action: 'refuse' } } })
    expect(await refusing.send()).toBe('delivery_unavailable')
    const recording = openLimited({ counts: broken })
    expect(await recording.send()).toBe('sent')
  })
})

describe('a verification', () => {
  test('does not query the counts, and is counted by one statement a second later', async () => {
    const counts = memoryCounts()
    const add = vi.spyOn(counts, 'add')
    const rig = openLimited({ counts })
    const subject = newId()
    const sessionKey = await begin(rig, { subject, purpose: 'enrolment' })
    await rig.phone.limits?.close()
    const others = [vi.spyOn(counts, 'sums'), vi.spyOn(counts, 'take'), vi.spyOn(counts, 'series')]
    add.mockClear()
    await guess(rig, { subject, purpose: 'enrolment', sessionKey, code: 'wrong' })
    expect(await guess(rig, { subject, purpose: 'enrolment', sessionKey })).toMatchObject({
      status: 'passed',
    })
    for (const call of [add, ...others]) expect(call).not.toHaveBeenCalled()
    await rig.phone.limits?.close()
    expect(add).toHaveBeenCalledTimes(1)
    for (const call of others) expect(call).not.toHaveBeenCalled()
  })
})

describe('vendor reports', () => {
  const source: ReceiptSource = {
    name: 'vendor',
    read: () => Promise.resolve({ status: 'genuine', reports: [] }),
  }
  let refs = 0
  const open = (failed?: 'refuse' | 'off') => {
    const rules = failed === undefined ? {} : { failed: { action: failed } }
    const rig = openLimited({ counts: memoryCounts(), rules }, { receipts: [source] })
    rig.answer = () => Promise.resolve({ status: 'sent', reference: `ref-${(refs += 1)}` })
    return rig
  }
  const flushed = (rig: LimitedRig) => rig.phone.limits?.close()

  test('of two failures and no delivery mean a phone that receives no messages', async () => {
    const rig = open('refuse')
    for (let n = 0; n < 2; n += 1) {
      expect(await sendAndReport(rig, 'failed')).toBe('sent')
    }
    expect(await rig.send()).toBe('destination_blocked')
    expect(await rig.send({ purpose: 'sign-in', phoneClass: 'known' })).toBe('sent')
    expect(await rig.send({ destination: phoneInRow(1) })).toBe('sent')
    rig.now += 25 * hour
    expect(await rig.send()).toBe('sent')
  })

  test('of a delivery between two failures do not', async () => {
    const rig = open('refuse')
    for (const status of ['failed', 'delivered', 'failed'] as const) {
      expect(await sendAndReport(rig, status)).toBe('sent')
    }
    expect(await rig.send()).toBe('sent')
  })

  test('alone refuse nobody', async () => {
    const rig = open()
    for (let n = 0; n < 2; n += 1) await sendAndReport(rig, 'failed')
    expect(await rig.send()).toBe('sent')
    const last = rig.events.filter(({ type }) => type === 'send_decided').at(-1)
    expect(last).toMatchObject({ verdict: 'recorded', by: 'failed' })
  })

  test('that mostly fail on a prefix are recorded', async () => {
    const rig = open('refuse')
    for (let n = 0; n < 10; n += 1) {
      const to = phoneInRow(n, '+23767123')
      expect(await sendAndReport(rig, n < 4 ? 'delivered' : 'failed', to)).toBe('sent')
    }
    expect(await rig.send({ destination: phoneInRow(99, '+23767123') })).toBe('sent')
    const last = rig.events.filter(({ type }) => type === 'send_decided').at(-1)
    expect(last).toMatchObject({
      verdict: 'recorded',
      findings: [{ rule: 'failed', window: 'hour', count: 6, limit: 6, action: 'record' }],
    })
    rig.now += 2 * hour
    await rig.send({ destination: phoneInRow(98, '+23767123') })
    const later = rig.events.filter(({ type }) => type === 'send_decided').at(-1)
    expect(later).not.toMatchObject({ by: 'failed' })
  })

  /** Sends to a phone, and has the vendor report twice what became of it. */
  async function sendAndReport(
    rig: LimitedRig,
    status: 'delivered' | 'failed',
    to = cameroon,
  ): Promise<string> {
    const subject = `tel:${to}`
    rig.now += 2 * minute
    const { answer } = await ask(rig, {
      ...{ subject, purpose: 'enrolment', destination: to, sessionKey: null },
    })
    for (let n = 0; n < 2; n += 1) {
      await recordDelivery(rig.phone, 'vendor', { ref: `ref-${refs}`, to, status })
    }
    await flushed(rig)
    return 'code' in answer ? answer.code : 'sent'
  }
})
