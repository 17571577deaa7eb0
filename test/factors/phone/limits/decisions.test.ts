/** Every message leaves a record of its decision, alarms are raised once, and neither identifies a person. */

import { createHash } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import { newId } from '../../../../src/core/random.js'
import type { SecondFactorEvent } from '../../../../src/ports/event-sink.js'
import { ask, begin, otherSecret, phonePartOf } from '../../../flows/rig.js'
import { hour } from '../../../support/clock.js'
import { openLimited, phoneInRow } from '../../../support/limited-rig.js'
import { cameroon, india } from '../../../support/phones.js'

const known = { purpose: 'sign-in', phoneClass: 'known' } as const

function decisions(events: readonly SecondFactorEvent[]) {
  return events.filter((event) => event.type === 'send_decided')
}

describe('the record of a decision', () => {
  test('contains what was sent, which limit refused it and what it cost', async () => {
    const spend = { perDay: 1, currency: 'USD', price: { CM: 0.09 } }
    const rig = openLimited({ counts: memoryCounts(), rules: { spend, phone: { newPerDay: 1 } } })
    await rig.send({ clientIp: '198.51.100.7' })
    await rig.send({ clientIp: '198.51.100.7' })
    const [first, second] = decisions(rig.events)
    expect(first).toMatchObject({
      ...{ purpose: 'enrolment', channel: 'sms', destination: '••••67', country: 'CM' },
      ...{ phoneClass: 'new', resent: false, verdict: 'allowed', by: null, findings: [] },
      ...{ cost: 0.09, currency: 'USD' },
    })
    expect(second).toMatchObject({
      ...{ verdict: 'refused', by: 'phone', network: first?.network },
      findings: [{ rule: 'phone', window: 'day', count: 1, limit: 1, action: 'refuse' }],
    })
    expect(decisions(rig.events)).toHaveLength(2)
    expect(rig.events.filter(({ type }) => type === 'start_refused')).toHaveLength(1)
  })

  test('has neither cost nor currency without prices', async () => {
    const rig = openLimited({ counts: memoryCounts() })
    await rig.send()
    expect(decisions(rig.events)).toMatchObject([{ cost: null, currency: null }])
  })

  test('in record-only mode shows the same messages as without limits, marking those that would be refused', async () => {
    const counts = memoryCounts()
    const deny = { countries: ['IN'] }
    const rules = { application: { perDay: 3 } }
    const rig = openLimited({ counts, mode: 'record', rules, deny })
    expect(await rig.sendAll(8, () => ({ destination: cameroon }))).toEqual({ sent: 8 })
    expect(await rig.send({ destination: india })).toBe('sent')
    expect(decisions(rig.events).map(({ verdict }) => verdict)).toEqual([
      ...['allowed', ...Array.from({ length: 8 }, () => 'recorded')],
    ])
    expect(decisions(rig.events).at(-1)?.by).toBe('deny')
    const held = await counts.series(['~~'], 0)
    expect(held.map(({ units }) => units)).toEqual([9])
  })

  test('covers a record-only rule together with rules that refuse', async () => {
    const prefix = { action: 'record', perHour: 2 } as const
    const rig = openLimited({ counts: memoryCounts(), rules: { prefix } })
    expect(await rig.sendAll(4, () => ({}))).toEqual({ sent: 4 })
    expect(decisions(rig.events).map(({ by }) => by)).toEqual([null, null, 'prefix', 'prefix'])
  })
})

describe('lists', () => {
  test('refuse a denied phone whatever is allowed, and count nothing', async () => {
    const counts = memoryCounts()
    const rig = openLimited({
      counts,
      allow: { phones: [cameroon, india], networks: ['198.51.100.0/24'] },
      deny: { countries: ['IN'], prefixes: ['+23767124'], networks: ['198.51.100.7'] },
    })
    expect(await rig.send({ destination: india, ...known })).toBe('destination_blocked')
    expect(await rig.send({ destination: phoneInRow(1, '+23767124') })).toBe('destination_blocked')
    expect(await rig.send({ clientIp: '::ffff:198.51.100.7' })).toBe('destination_blocked')
    expect(await counts.series(['p:+23767123', 'p:+23767124'], 0)).toEqual([])
    expect(await rig.send({ clientIp: '198.51.100.8' })).toBe('sent')
  })

  test('exempt the allowed from network, prefix and country limits but not from phone and application limits', async () => {
    const rules = {
      prefix: { perHour: 1 },
      network: { perHour: 1 },
      country: { perDay: 1 },
      application: { perDay: 12, newShare: 1 },
    }
    const rig = openLimited({
      counts: memoryCounts(),
      rules,
      allow: { networks: ['2001:db8::/32'] },
    })
    const inside = (n: number) => ({ destination: phoneInRow(n), clientIp: '2001:db8::1' })
    expect(await rig.sendAll(7, inside)).toEqual({ sent: 7 })
    expect(await rig.sendAll(7, () => inside(0))).toEqual({ sent: 4, send_limit: 3 })
    expect(await rig.sendAll(3, (n) => inside(100 + n))).toEqual({ sent: 1, send_limit: 2 })
  })
})

describe('alarms', () => {
  test('are raised at four fifths and at the limit, once an hour each, and identify nobody', async () => {
    const rules = { application: { perDay: 10, newShare: 1 } }
    const rig = openLimited({ counts: memoryCounts(), rules })
    const alarms = () => rig.events.filter((event) => event.type === 'limit_reached')
    await rig.sendAll(14, (n) => ({ destination: phoneInRow(n * 10_007) }))
    const shares = alarms().filter(({ counter }) => counter === '~~')
    expect(shares.map(({ share, limit, window }) => [share, limit, window])).toEqual([
      [0.8, 10, 'day'],
      [1, 10, 'day'],
    ])
    rig.now += hour
    await rig.send({ destination: phoneInRow(9_999_999) })
    expect(alarms().filter(({ counter }) => counter === '~~')).toHaveLength(3)
    expect(alarms().every((event) => !('subject' in event))).toBe(true)
  })
})

describe('an attacker who reads the log', () => {
  test('lacks four digits of a phone, although an alarm has its prefix and a decision its end', async () => {
    const rig = openLimited({ counts: memoryCounts(), rules: { prefix: { perHour: 1 } } })
    await rig.send()
    const alarms = rig.events.filter((event) => event.type === 'limit_reached')
    expect(alarms).toMatchObject([{ rule: 'prefix', counter: 'p:+237671••', share: 1 }])
    expect(decisions(rig.events)).toMatchObject([{ destination: '••••67' }])
    expect(JSON.stringify(rig.events)).not.toContain(cameroon.slice(0, -4))
  })
})

describe('the counts', () => {
  test('contain no phone, address or account, and no hash that could be found by enumerating them', async () => {
    const names: string[] = []
    const counts = memoryCounts()
    const rig = openLimited({
      counts: {
        ...counts,
        take: (takes) => {
          names.push(...takes.map(({ counter }) => counter))
          return counts.take(takes)
        },
      },
    })
    const subject = newId()
    await rig.send({ subject, clientIp: '198.51.100.7' })
    expect(names.map((name) => name.slice(0, 2)).toSorted()).toEqual(['a:', 'n:', 'p:', 'w:'])
    const hashes = [cameroon, cameroon.slice(1), '198.51.100.7', subject].flatMap((value) =>
      ['base64url', 'hex', 'base64'].map((encoding) =>
        createHash('sha256')
          .update(value)
          .digest(encoding as 'hex')
          .slice(0, 20),
      ),
    )
    for (const known of [cameroon, '198.51.100', subject, ...hashes]) {
      expect(names.join(' ')).not.toContain(known)
    }
  })

  test('are taken in byte order, those shared by all messages last, which prevents deadlocks', async () => {
    const counts = memoryCounts()
    const names: string[] = []
    const rules = { country: { perDay: 9 }, application: { perDay: 9 } }
    const spend = { perDay: 9, currency: 'USD', price: { '*': 1 } }
    const rig = openLimited({
      counts: {
        ...counts,
        take: (takes) => {
          names.push(...takes.map(({ counter, bucket }) => `${counter} ${bucket}`))
          return counts.take(takes)
        },
      },
      rules: { ...rules, spend },
    })
    rig.now = Math.ceil(rig.now / 600_000) * 600_000
    await rig.send({ clientIp: '198.51.100.7' })
    expect(names).toHaveLength(18)
    expect(names.toSorted()).toEqual(names)
    expect(names.slice(8).every((name) => name.startsWith('~'))).toBe(true)
  })

  test('survive a rotation of the secret', async () => {
    const counts = memoryCounts()
    const [old, fresh] = [newId() + newId(), newId() + newId()]
    const before = openLimited({ counts }, { secret: old })
    await before.sendAll(5, () => ({}))
    const after = openLimited({ counts }, { secret: [fresh, old] })
    after.now = before.now
    expect(await after.send()).toBe('send_limit')
    const other = openLimited({ counts }, { secret: otherSecret })
    other.now = before.now
    expect(await other.send()).toBe('sent')
  })

  test('are not emptied by setting the clock back, and count again once it is corrected', async () => {
    const rig = openLimited({ counts: memoryCounts() })
    await rig.sendAll(5, () => ({}))
    rig.now -= 2 * hour
    expect(await rig.send()).toBe('send_limit')
    rig.now += 4 * hour
    expect(await rig.send()).toBe('send_limit')
  })

  test('are pruned as messages are sent, and keep what still limits somebody', async () => {
    const counts = memoryCounts()
    const rig = openLimited({ counts })
    const first = Math.floor(rig.now / 600_000)
    for (let n = 0; n < 40; n += 1) {
      await rig.send({ destination: phoneInRow(n * 10_007) })
      rig.now += 12 * hour
    }
    const names = Array.from({ length: 40 }, (_none, n) => {
      return `p:${phoneInRow(n * 10_007).slice(0, -4)}`
    })
    const held = await counts.series(names, first)
    expect(held.length).toBeGreaterThan(1)
    expect(held.length).toBeLessThanOrEqual(4)
  })
})

describe('a refused message', () => {
  test('leaves the row unchanged except for its version and a short wait', async () => {
    const rig = openLimited({ counts: memoryCounts(), rules: { phone: { newPerDay: 1 } } })
    const subject = newId()
    await begin(rig, { subject, purpose: 'enrolment', sessionKey: 'a session of the tests' })
    const before = await phonePartOf(rig, subject)
    rig.now += hour
    const { answer } = await ask(rig, { subject, purpose: 'enrolment' })
    expect(answer).toMatchObject({ status: 'refused', code: 'send_limit' })
    expect(answer).not.toHaveProperty('challenge')
    const after = await phonePartOf(rig, subject)
    expect(after.sends).toEqual({ ...before.sends, nextAt: rig.now + 5_000 })
    expect(rig.messages).toHaveLength(1)
  })
})
