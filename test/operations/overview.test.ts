/** The overview: what it reports as urgent, and how it handles broken or huge numbers. */

import { describe, expect, test } from 'vitest'

import type { CountBucket } from '../../src/ports/count-store.js'
import type { Health } from '../../src/ports/health.js'
import type { LimitUse } from '../../src/ports/insight.js'
import { render } from '../../src/pages/html.js'
import { bucketAt, slotsOf, type Span } from '../../src/operations/buckets.js'
import { overviewBody } from '../../src/operations/overview-page.js'
import { overviewOf, type Overview } from '../../src/operations/overview.js'
import { quantile } from '../../src/operations/waits.js'

const now = Date.parse('2026-11-30T03:07:00Z')
const bucket = bucketAt(now)
const well: Health = { status: 'ok', checks: { store: { ok: true, milliseconds: 2 } } }

interface Situation {
  /** Units by counter, in the bucket before the running one unless it says which. */
  readonly units?: Readonly<Record<string, number | readonly CountBucket[]>>
  readonly limits?: readonly LimitUse[] | 'hang'
  readonly health?: Health
  readonly span?: Span
}

function overview({ units = {}, limits = [], health = well, span = 'day' }: Situation) {
  const series = Object.entries(units).flatMap(([name, value]) =>
    typeof value === 'number'
      ? [{ counter: `o:${name}`, bucket: bucket - 1, units: value }]
      : value,
  )
  return overviewOf(
    {
      counts: { series: () => Promise.resolve(series) },
      insights: [
        {
          countries: ['CM', 'EG', 'US'],
          limits: () =>
            limits === 'hang' ? Promise.reject(new Error('away')) : Promise.resolve(limits),
        },
      ],
      health: () => Promise.resolve(health),
      clock: () => now,
    },
    span,
  )
}

const spend: LimitUse = {
  ...{ option: 'limits.rules.spend', about: 'Cost of all messages', window: 'hour' },
  ...{ used: 31.2, limit: 40, unit: 'USD' },
}

function textsOf({ needs }: Overview): string[] {
  return needs.map(({ level, area, text }) => `${level} ${area}: ${text}`)
}

describe('an item that needs attention', () => {
  test.each<[string, Situation, string[]]>([
    [
      'nothing on an ordinary night',
      {
        units: { sent: 40, verified: 33, passed: 50, wrong: 9, locked: 1, 's:CM': 40, 'v:CM': 33 },
      },
      [],
    ],
    ['nothing without a message', {}, []],
    [
      'a pumping attack',
      { units: { sent: 88, 's:EG': 88, 's:CM': 40, 'v:CM': 36 } },
      ['urgent money: 88 messages to Egypt (EG) in the last hour, 0% verified.'],
    ],
    [
      'no attack in codes that are still on their way',
      { units: { sent: 30, 's:CM': [{ counter: 'o:s:CM', bucket, units: 30 }] } },
      [],
    ],
    [
      'a limit that is nearly used up, and one that is',
      {
        limits: [
          { ...spend, used: 36 },
          { ...spend, about: 'All messages', used: 40, unit: 'messages' },
        ],
      },
      [
        'urgent money: All messages: 40 of 40 messages an hour: used up.',
        'soon money: Cost of all messages: 36 of 40 USD an hour: 90% used.',
      ],
    ],
    [
      'refusals by a limit that is full',
      { units: { limited: 412, full: 1 } },
      ['urgent money: Limits have refused 412 messages in the last hour.'],
    ],
    [
      'a vendor that is down',
      { units: { sent: 2, rejected: 30, unsure: 8 } },
      ['urgent access: 95% of the messages of the last hour were not sent, or perhaps not.'],
    ],
    [
      'a wrong credential',
      { units: { misconfigured: 3, 'fault-sender': 3 } },
      [
        'urgent us: The vendor refused our account or did not judge a code, 3 times in the last hour.',
      ],
    ],
    [
      'slow messages',
      { units: { sent: 40, verified: 40, 'wait:20': 20, 'wait:120': 20 } },
      ['soon access: One person in ten waits more than 114 s for a code.'],
    ],
    ['many locks', { units: { locked: 12 } }, ['soon access: 12 locks in the last hour.']],
    [
      'a store that is down, before all else that is not urgent',
      {
        units: { suspicious: 1, 'fault-store': 1 },
        health: { status: 'down', checks: { store: { ok: false } } },
      },
      [
        'urgent access: The state store does not answer: nobody can pass.',
        'urgent us: The state store did not answer, once in the last hour.',
        'soon us: 1 attempt in the last hour that no honest user makes.',
      ],
    ],
    [
      'a part that a factor depends on',
      {
        health: {
          status: 'degraded',
          checks: { ...well.checks, sender: { ok: false, lastOutcome: 'rejected' } },
        },
      },
      ['urgent access: The sender does not work in this process: the last outcome was rejected.'],
    ],
  ])('is %s', async (_name, situation, texts) => {
    expect(textsOf(await overview(situation))).toEqual(texts)
  })

  test('always says what to do next', async () => {
    const { needs } = await overview({
      units: { 'fault-setup': 1, 'fault-users': 1, limited: 1, locked: 9 },
    })
    for (const { next } of needs) expect(next.length).toBeGreaterThan(20)
  })
})

describe('numbers', () => {
  const broken: readonly (readonly [string, number])[] = [
    ['negative', -5],
    ['not a number', Number.NaN],
    ['endless', Number.POSITIVE_INFINITY],
    ['a fraction', 1.5],
    ['none', 0],
  ]
  test.each(broken)('that are broken count as zero: %s', async (_name, units) => {
    const { numbers, needs } = await overview({ units: { sent: units, limited: units } })
    expect(numbers?.lastHour.counts.sent).toBe(0)
    expect(needs).toEqual([])
  })

  test('for times and counters that were not requested are left out', async () => {
    const stray = [bucket - 2_000, bucket + 2, Number.NaN].map((each) => ({
      ...{ counter: 'o:sent', bucket: each, units: 7 },
    }))
    const { numbers } = await overview({ units: { sent: stray, __proto__: 3, 's:ZZ': 4 } })
    expect(numbers?.whole.counts.sent).toBe(0)
    expect(numbers?.countries).toEqual([])
  })

  test('from a process whose clock is a little ahead count', async () => {
    const { numbers } = await overview({
      units: { sent: [{ counter: 'o:sent', bucket: bucket + 1, units: 7 }] },
    })
    expect(numbers?.lastHour.counts.sent).toBe(7)
    expect(numbers?.slots.at(-1)?.counts.sent).toBe(7)
  })

  test.each<Span>(['hour', 'day', 'week'])(
    'of a %s are those of its slots together, each bucket once',
    (span) => {
      const slots = slotsOf(span, now)
      const buckets = slots.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_none, index) => first + index),
      )
      expect(new Set(buckets).size).toBe(buckets.length)
      expect(buckets.at(-1)).toBe(bucket + 1)
      expect(buckets).toHaveLength({ hour: 6, day: 144, week: 1_008 }[span] + 1)
    },
  )

  test.each([0, 3, 9_007_199_254_740_991])('as large as %d fit on the page', async (units) => {
    const facts = { sent: units, 's:CM': units, 'v:CM': units, verified: units, 'wait:more': units }
    const page = pageOf(await overview({ units: facts }))
    expect(page).not.toMatch(/NaN|Infinity|undefined|e\+\d/)
    for (const [, y = ''] of page.matchAll(/M[\d.]+ (-?[\d.]+)V/g)) {
      expect(Number(y)).toBeGreaterThanOrEqual(0)
      expect(Number(y)).toBeLessThanOrEqual(100)
    }
  })

  test('of limits that do not respond are missing, and the rest is shown', async () => {
    const shown = await overview({ units: { sent: 3 }, limits: 'hang' })
    expect([shown.limits, shown.numbers?.lastHour.counts.sent]).toEqual([null, 3])
    expect(pageOf(shown)).toContain('The counts of the limits do not answer.')
  })
})

test('each plot has named axes, its numbers as a table and a text alternative', async () => {
  const page = pageOf(await overview({ units: { sent: 3 } }))
  const plots = page.split('<figure').slice(1)
  expect(plots).toHaveLength(6)
  for (const plot of plots) {
    expect(plot).toMatch(/<p class="unit">\w+<\/p>/)
    expect(plot).toContain('time (UTC)')
    expect(plot).toMatch(/role="img"\s+aria-label="[^"]{10,}"/)
    expect(plot.match(/<tr>/g)).toHaveLength(49)
  }
})

test.each<[readonly number[], number, number | null]>([
  [[], 0.5, null],
  [[10], 0.5, 2.5],
  [[0, 10], 0.9, 9.5],
  [[5, 0, 5], 0.9, 14],
  [Array.from({ length: 13 }, (_none, index) => (index === 12 ? 4 : 0)), 0.5, 600],
])('of waits %o the quantile %d is %o', (counts, share, seconds) => {
  expect(quantile(counts, share)).toBe(seconds)
})

function pageOf(shown: Overview): string {
  return render(
    overviewBody({ mount: '/ops', appName: '', stylesheets: [], lookUps: [] }, shown, false),
  )
}
