/** The rule `unverified`, on traffic of five sizes of application: quiet on normal days, quick under attack. */

import { describe, expect, test } from 'vitest'

import { memoryCounts } from '../../../../src/adapters/memory/memory-counts.js'
import type { Budget, SendFacts } from '../../../../src/factors/phone/limits/counters.js'
import type { Limits } from '../../../../src/factors/phone/limits/options.js'
import { resolveRules } from '../../../../src/factors/phone/limits/resolve-rules.js'
import {
  countryFloors,
  findUnusual,
  settledBuckets,
  usualRatio,
} from '../../../../src/factors/phone/limits/unverified.js'
import {
  sentAdditions,
  unverifiedRule,
  verifiedAdditions,
} from '../../../../src/factors/phone/limits/unverified-rule.js'
import { windowsAt } from '../../../../src/factors/phone/limits/windows.js'
import type { CountStore } from '../../../../src/ports/count-store.js'
import { hour, minute } from '../../../support/clock.js'
import { poisson, seeded, seriesOf, traffic } from '../../../support/traffic.js'

const sizes = [5, 100, 500, 2_000, 10_000]

/** A fortnight that says what is usual, and the month after it. */
const fortnight = 14 * 144
const end = fortnight + 31 * 144

const codeSeconds = 300

/** The first bucket of a simulation, far from zero as those of a clock are. */
const origin = 3_000_000

/** The number of alarms in a month of usual days. */
function falseAlarms(perDay: number, unverified: number): number {
  const { sent, verified } = traffic(seeded(perDay), { perDay, unverified }, end)
  const outcomes = { sent: seriesOf('s', sent), verified: seriesOf('v', verified) }
  let [alarms, ratio, wasUnusual] = [0, 0, false]
  for (let last = fortnight; last < end; last += 1) {
    if (last % 6 === 0) ratio = usualRatio(outcomes, last)
    const around = {
      sent: outcomes.sent.slice(last - 144, last + 1),
      verified: outcomes.verified.slice(last - 144, last + 1),
    }
    const isUnusual = findUnusual(around, last, ratio, countryFloors) !== null
    if (isUnusual && !wasUnusual) alarms += 1
    wasUnusual = isUnusual
  }
  return alarms
}

describe('on normal days', () => {
  test.each([
    [0.1, 0],
    [0.2, 1],
    [0.3, 2],
  ])(
    'with %s unverified, all five sizes have at most %i false alarms a month',
    (unverified, most) => {
      const alarms = sizes.map((perDay) => falseAlarms(perDay, unverified))
      expect(alarms.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(most)
    },
  )

  test('the codes of five people at once in a quiet country do not count as unentered', () => {
    const sent = [{ counter: 's', bucket: origin, units: 6 }]
    const found = (now: number) => {
      return findUnusual({ sent, verified: [] }, now - settledBuckets(300), 0.2, countryFloors)
    }
    expect([found(origin), found(origin + 1)]).toEqual([null, null])
    expect(found(origin + 2)).toEqual({ window: 'hour', count: 6, limit: 5 })
  })

  test.each([
    [60, 2],
    [600, 2],
    [601, 3],
    [1_800, 4],
  ])('codes valid for %i seconds are over after %i buckets', (seconds, buckets) => {
    expect(settledBuckets(seconds)).toBe(buckets)
  })
})

describe('the baseline', () => {
  const days = (count: number, sentPerDay: number, verifiedPerDay: number) => {
    const of = (units: number) =>
      Array.from({ length: count }, (_none, day) => {
        return { counter: 'x', bucket: origin - 144 * (day + 1), units }
      })
    return { sent: of(sentPerDay), verified: of(verifiedPerDay) }
  }

  test('is assumed without history, and changes little with few messages', () => {
    expect(usualRatio({ sent: [], verified: [] }, origin)).toBeCloseTo(15 / 85)
    expect(usualRatio(days(14, 5, 0), origin)).toBeCloseTo(15 / 85)
    expect(usualRatio(days(14, 10_000, 7_000), origin)).toBeCloseTo(3 / 7, 2)
  })

  test('excludes the current day, which may contain an attack', () => {
    const today = [{ counter: 'x', bucket: origin - 10, units: 90_000 }]
    expect(usualRatio({ sent: today, verified: [] }, origin)).toBeCloseTo(15 / 85)
  })

  test('is not moved by an attack of six days, and never above one', () => {
    const poisoned = (attacked: number) => {
      const usual = days(14, 1_000, 900)
      const attack = days(attacked, 50_000, 0).sent
      return usualRatio({ ...usual, sent: [...usual.sent, ...attack] }, origin)
    }
    expect(poisoned(6)).toBeCloseTo(1 / 9, 2)
    expect(poisoned(8)).toBeGreaterThan(0.9)
    expect(poisoned(14)).toBeLessThanOrEqual(1)
  })
})

/** Messages of attackers on one prefix of an application until the rule finds them, and how long that takes. */
async function attack(perDay: number, unverified: number, perHour: number) {
  const chance = seeded(perDay * 7 + perHour + unverified * 100)
  const counts = memoryCounts()
  const rule = ruleOn(counts)
  const past = traffic(chance, { perDay, unverified }, 20 * 144)
  const booked = (bucket: number) => ({ ...message, issuedAt: bucket * 10 * minute })
  const country = (units: readonly number[], counter: string) =>
    counts.add(
      seriesOf(counter, units, origin - units.length)
        .filter((each) => each.units > 0)
        .map((each) => ({ ...each, keepUntil: each.bucket + 3_000 })),
    )
  await country(past.sent, '~c:CM|s')
  await country(past.verified, '~c:CM|v')
  const from = origin * 10 * minute + Math.floor(chance() * 10 * minute)
  let messages = 0
  for (let now = from; now < from + 24 * hour; now += minute) {
    for (let n = poisson(chance, perHour / 60); n > 0; n -= 1) {
      const sums = await counts.sums([prefix.counter], windowsAt(now))
      const found = await rule(message, sums, now)
      if (found === null) throw new Error('the counts did not answer')
      if (found.some(({ counter }) => counter === prefix.counter)) {
        return { messages, hours: (now - from) / hour }
      }
      const bucket = Math.floor(now / (10 * minute))
      const taken = { counter: prefix.counter, bucket, units: 1, keepUntil: bucket + 156 }
      await counts.add([taken, ...sentAdditions(limits, booked(bucket))])
      messages += 1
    }
  }
  return { messages, hours: Infinity }
}

const limits = { rules: resolveRules(), enforces: true } as Limits
const prefix: Budget = {
  ...{ rule: 'prefix', counter: 'p:+23767123', caps: [], units: 1, action: 'refuse' },
}
const facts = { region: 'CM', prefix: '+23767123', isAllowed: false, network: null } as SendFacts
const message = { phoneClass: 'new', facts, budgets: [prefix] } as const

function ruleOn(counts: CountStore) {
  return unverifiedRule(limits, codeSeconds, { ask: (work) => work(counts) })
}

describe('an attacker', () => {
  test.each([
    [60, 0.5, 54],
    [10, 2.5, 75],
  ])(
    'with %i messages an hour is found within %d hours and %i messages, whatever the baseline',
    async (perHour, hours, most) => {
      for (const perDay of sizes) {
        for (const unverified of [0.1, 0.2, 0.3]) {
          const found = await attack(perDay, unverified, perHour)
          expect(found.hours, `${perDay} a day`).toBeLessThanOrEqual(hours)
          expect(found.messages, `${perDay} a day`).toBeLessThanOrEqual(most)
        }
      }
    },
  )

  test('is not suspected of an attack if one in three messages’ codes is entered', async () => {
    const counts = memoryCounts()
    const at = (bucket: number) => ({ ...message, issuedAt: bucket * 10 * minute })
    for (let bucket = origin - 12; bucket < origin; bucket += 1) {
      const taken = { counter: prefix.counter, bucket, units: 30, keepUntil: bucket + 156 }
      await counts.add([taken])
      for (let n = 0; n < 10; n += 1) {
        for (let send = 0; send < 3; send += 1) await counts.add(sentAdditions(limits, at(bucket)))
        await counts.add(verifiedAdditions(limits, at(bucket), 3))
      }
    }
    const now = origin * 10 * minute
    const sums = await counts.sums([prefix.counter], windowsAt(now))
    expect(await ruleOn(counts)(message, sums, now)).toEqual([])
  })
})
