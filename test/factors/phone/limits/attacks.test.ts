/** Attacks that have messages sent at somebody else's cost, counted by the messages that reach the sender. */

import { describe, expect, test } from 'vitest'

import { newId } from '../../../../src/core/random.js'
import { inParallel } from '../../../../src/testing/contract-fixtures.js'
import { ask } from '../../../flows/rig.js'
import { day, hour, minute } from '../../../support/clock.js'
import { openLimited, phoneInRow } from '../../../support/limited-rig.js'
import { cameroon, india } from '../../../support/phones.js'
import { allCounts } from '../../../support/shared-counts.js'

for (const { name, counts } of await allCounts('sf_limits_attacks')) {
  describe(`with counts in ${name}`, () => {
    test('an attacker with 30 accounts has five messages a day sent to one phone', async () => {
      const rig = openLimited({ counts })
      expect(await rig.sendAll(30, () => ({ destination: india }))).toEqual({
        sent: 5,
        send_limit: 25,
      })
      expect(rig.messages).toHaveLength(5)
    })

    test('an attacker who returns every day for ten days has ten messages a week sent to one phone', async () => {
      const rig = openLimited({ counts })
      const sent: number[] = []
      for (let n = 0; n < 10; n += 1) {
        sent.push((await rig.sendAll(4, () => ({ destination: india })))['sent'] ?? 0)
        rig.now += day + 20 * minute
      }
      expect(sent).toEqual([4, 4, 2, 0, 0, 0, 0, 4, 4, 2])
    })

    test('an attacker with one account has five phones a day sent a code', async () => {
      const rig = openLimited({ counts }, { policy: { sendsPerDay: 100 } })
      const subject = newId()
      const tally: string[] = []
      for (let n = 0; n < 40; n += 1) {
        tally.push(await rig.send({ subject, destination: phoneInRow(n * 10_007) }))
        rig.now += 61_000 * 10
      }
      expect(tally.filter((answer) => answer === 'sent')).toHaveLength(5)
      expect(rig.messages).toHaveLength(5)
    })

    test('an attacker with 200 accounts and 200 consecutive phones has 20 messages sent an hour', async () => {
      const rig = openLimited({ counts })
      const inRow = (index: number) => ({ destination: phoneInRow(index, '+23767123') })
      expect(await rig.sendAll(200, inRow)).toEqual({ sent: 20, send_limit: 180 })
      expect(await rig.send({ destination: phoneInRow(1, '+23767124') })).toBe('sent')
      const alarms = rig.events.filter(({ type }) => type === 'limit_reached')
      expect(alarms.map((event) => ('share' in event ? event.share : null))).toEqual([0.8, 1])
      rig.now += 70 * 60_000
      expect((await rig.sendAll(40, (n) => inRow(500 + n)))['sent']).toBe(20)
      rig.now += 70 * 60_000
      expect((await rig.sendAll(40, (n) => inRow(900 + n)))['sent']).toBe(10)
    })

    test('an attacker with 1,000 addresses of one IPv6 network counts as one', async () => {
      const rig = openLimited({ counts, rules: { prefix: { action: 'off' } } })
      const from = (index: number) => ({
        destination: phoneInRow(index * 10_007),
        clientIp: `2001:db8:0:1::${index.toString(16)}`,
      })
      expect((await rig.sendAll(60, from))['sent']).toBe(30)
      const elsewhere = { destination: phoneInRow(999_999), clientIp: '2001:db8:0:2::1' }
      expect(await rig.send(elsewhere)).toBe('sent')
    })

    test('an attacker who writes an IPv4 address as IPv6 gains no second network', async () => {
      const rig = openLimited({ counts, rules: { prefix: { action: 'off' } } })
      const from = (index: number) => ({
        destination: phoneInRow(index * 10_007),
        clientIp: index % 2 === 0 ? '198.51.100.7' : '::ffff:198.51.100.7',
      })
      expect((await rig.sendAll(60, from))['sent']).toBe(30)
    })

    test('an attacker who uses up a phone’s limit with their own accounts does not lock out its owner', async () => {
      const rig = openLimited({ counts })
      await rig.sendAll(30, () => ({ destination: cameroon }))
      const owner = { purpose: 'sign-in', destination: cameroon, phoneClass: 'known' } as const
      expect(await rig.send(owner)).toBe('sent')
    })

    test('an attacker who uses up the limit for new phones does not stop sign-ins', async () => {
      const application = { perHour: 20, newShare: 0.5 }
      const rig = openLimited({ counts, rules: { application } })
      const attack = await rig.sendAll(40, (n) => ({ destination: phoneInRow(n * 10_007) }))
      expect(attack).toEqual({ sent: 10, send_limit: 30 })
      const people = await rig.sendAll(12, (n) => {
        const destination = phoneInRow(500_000 + n * 10_007)
        return { purpose: 'sign-in', destination, phoneClass: 'known' }
      })
      expect(people).toEqual({ sent: 10, send_limit: 2 })
    })

    test('an attacker who asks a thousand times for a phone at its limit uses up no one else’s limit', async () => {
      const rig = openLimited({ counts, rules: { application: { perDay: 50, newShare: 1 } } })
      await rig.sendAll(100, () => ({ destination: india }))
      const others = await rig.sendAll(60, (n) => ({ destination: phoneInRow(n * 10_007) }))
      expect(others).toEqual({ sent: 45, send_limit: 15 })
    })

    test('an attacker who asks 50 times at once in one account has one message counted', async () => {
      const rig = openLimited({ counts, rules: { application: { perDay: 2, newShare: 1 } } })
      const subject = newId()
      await inParallel(50, () => rig.send({ subject }))
      expect(rig.messages).toHaveLength(1)
      expect(await rig.send({ destination: india })).toBe('sent')
      expect(await rig.send({ destination: phoneInRow(3) })).toBe('send_limit')
    })

    test('of 60 attackers at once, exactly as many as the limit allows have a message sent', async () => {
      const rig = openLimited({ counts, rules: { application: { perDay: 25, newShare: 1 } } })
      const answers = await inParallel(60, (n) => rig.send({ destination: phoneInRow(n * 10_007) }))
      expect(answers.filter((answer) => answer === 'sent')).toHaveLength(25)
      expect(rig.messages).toHaveLength(25)
    })

    test('an attacker gains nothing by moving to another country: its messages are counted', async () => {
      const country = { perDay: 100, only: { IN: { perDay: 3 } } }
      const rig = openLimited({ counts, rules: { country } })
      const indian = (n: number) => ({ destination: `+9198${String(70_000_000 + n * 10_007)}` })
      expect(await rig.sendAll(6, indian)).toEqual({ sent: 3, send_limit: 3 })
      expect(await rig.send()).toBe('sent')
    })

    test('an attacker with expensive messages is stopped by the spending limit, to the cent', async () => {
      const spend = { perDay: 0.79, currency: 'USD', price: { CM: 0.00079, '*': 1 }, newShare: 1 }
      const prefix = { action: 'off' } as const
      const rig = openLimited({ counts, rules: { spend, prefix } })
      expect(await rig.send({ destination: india })).toBe('send_limit')
      expect((await rig.sendAll(100, (n) => ({ destination: phoneInRow(n) })))['sent']).toBe(100)
      const spent = await counts.series(['~$'], 0)
      const ours = spent.filter(({ bucket }) => bucket === Math.floor(rig.now / 600_000))
      expect(ours).toEqual([{ counter: '~$', bucket: ours[0]?.bucket, units: 79_000 }])
    })

    test('the retry time an attacker gets is exact: a message is allowed at that time and not before', async () => {
      const rig = openLimited({ counts })
      await rig.sendAll(5, () => ({ destination: india }))
      const { answer } = await ask(rig, {
        ...{ subject: newId(), purpose: 'enrolment', destination: india },
      })
      const retryAt = 'retryAt' in answer ? (answer.retryAt?.getTime() ?? 0) : 0
      expect(retryAt - rig.now).toBeGreaterThan(23 * hour)
      expect(retryAt - rig.now).toBeLessThanOrEqual(25 * hour)
      rig.now = retryAt - 1
      expect(await rig.send({ destination: india })).toBe('send_limit')
      rig.now = retryAt + 60_000
      expect(await rig.send({ destination: india })).toBe('sent')
    })
  })
}
