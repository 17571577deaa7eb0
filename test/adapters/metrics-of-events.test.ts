/** Metrics of events: what operators see in Prometheus and OpenTelemetry, and the limit on the number of series. */

import { randomInt } from 'node:crypto'

import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import * as client from 'prom-client'
import { describe, expect, test } from 'vitest'

import { instruments } from '../../src/adapters/metrics/instruments.js'
import { instrumentKeys } from '../../src/adapters/metrics/measuring-sink.js'
import { openTelemetryEvents } from '../../src/adapters/opentelemetry/index.js'
import { prometheusEvents } from '../../src/adapters/prometheus/index.js'
import { ConfigurationError, type EventSink, type SecondFactorEvent } from '../../src/index.js'
import { readPage } from '../package/support/markdown.js'
import { openHeadless } from '../support/headless.js'

function registry() {
  const register = new client.Registry()
  return { register, sink: prometheusEvents({ client, register, countries: ['CM', 'US'] }) }
}

/** Series of the registry by their line, zeroes left out. */
async function linesOf(register: client.Registry): Promise<string[]> {
  const text = await register.metrics()
  return text.split('\n').filter((line) => /^second_factor\S* [^0]/.test(line))
}

/** An event as a factor of somebody else could make it. */
function emitRaw(sink: EventSink, fields: object): void {
  sink.emit({ at: new Date(0), subject: '1', ...fields } as SecondFactorEvent)
}

describe('Prometheus', () => {
  test('counts a message, a wrong and a right code, and the seconds between them', async () => {
    const { register, sink } = registry()
    const headless = openHeadless({ events: sink })
    const { secondFactor, alice } = headless
    await secondFactor.start(alice)
    await secondFactor.verify(alice, '000000')
    headless.now += 12_000
    await secondFactor.verify(alice, headless.codes()[0] ?? '')
    const lines = await linesOf(register)
    expect(lines).toEqual(
      expect.arrayContaining([
        'second_factor_sends_total{channel="sms",purpose="sign-in",outcome="sent",resend="false"} 1',
        'second_factor_verifications_total{outcome="code_incorrect",purpose="sign-in",method="sms"} 1',
        'second_factor_verifications_total{outcome="passed",purpose="sign-in",method="sms"} 1',
        'second_factor_verification_elapsed_seconds_sum{purpose="sign-in",channel="sms"} 12',
        'second_factor_verification_elapsed_seconds_bucket{le="15",purpose="sign-in",channel="sms"} 1',
      ]),
    )
  })

  test('has a zero for each kind of fault from the start, which makes the first one an increase', async () => {
    const { register } = registry()
    const text = await register.metrics()
    expect(text).toContain('second_factor_faults_total{error_type="store_unavailable"} 0')
    expect(text).toContain('second_factor_locks_total{disabled="true"} 0')
  })

  test('has a zero for each limit alarm, by rule and share, which makes the first one an increase', async () => {
    const { register, sink } = registry()
    const alarms = async () =>
      (await register.metrics())
        .split('\n')
        .filter((line) => line.startsWith('second_factor_limit_alarms_total{'))
    const before = await alarms()
    expect(before).toHaveLength(10)
    expect(before).toContain('second_factor_limit_alarms_total{rule="spend",share="1"} 0')
    expect(before).toContain('second_factor_limit_alarms_total{rule="network",share="0.8"} 0')
    emitRaw(sink, { type: 'limit_reached', rule: 'spend', share: 1 })
    expect(await alarms()).toContain('second_factor_limit_alarms_total{rule="spend",share="1"} 1')
    expect(await alarms()).toHaveLength(10)
  })

  test('counts a store fault, a wrong credential and an operator’s reset', async () => {
    const { register, sink } = registry()
    const { secondFactor, alice } = openHeadless({
      events: sink,
      sender: {
        channel: 'sms',
        send: () => Promise.resolve({ status: 'operator_fault', reason: 'the token was refused' }),
      },
    })
    await secondFactor.start(alice)
    await secondFactor.resetAttempts(alice)
    await secondFactor.revoke(alice)
    emitRaw(sink, { type: 'phone_forgotten', subject: 'tel:••••67' })
    emitRaw(sink, { type: 'fault', code: 'store_unavailable', message: 'x' })
    expect(await linesOf(register)).toEqual([
      'second_factor_faults_total{error_type="store_unavailable"} 1',
      'second_factor_faults_total{error_type="operator_fault"} 1',
      'second_factor_sends_total{channel="sms",purpose="sign-in",outcome="operator_fault",resend="false"} 1',
      'second_factor_grants_revoked_total{reason="all"} 1',
      'second_factor_operator_actions_total{action="reset_attempts"} 1',
      'second_factor_operator_actions_total{action="forget_phone"} 1',
    ])
  })

  test('does not count a vendor’s late fault report as another message', async () => {
    const { register, sink } = registry()
    const about = { purpose: null, channel: null, reason: 'textbee 2' }
    emitRaw(sink, { type: 'delivery_failed', ...about, resent: null, outcome: 'operator_fault' })
    expect(await linesOf(register)).toEqual([
      'second_factor_faults_total{error_type="operator_fault"} 1',
    ])
  })

  test('measures no wait for people who passed by another factor or cancelled', async () => {
    const { register, sink } = registry()
    const sent = { type: 'challenge_sent', channel: 'sms', purpose: 'sign-in', resent: false }
    emitRaw(sink, sent)
    emitRaw(sink, { type: 'passed', purpose: 'sign-in', method: 'totp' })
    emitRaw(sink, sent)
    emitRaw(sink, { type: 'challenge_abandoned' })
    emitRaw(sink, { type: 'passed', purpose: 'sign-in', method: 'sms' })
    expect((await linesOf(register)).join()).not.toContain('elapsed')
  })

  test('names only listed countries and groups all others into one', async () => {
    const { register, sink } = registry()
    const decision = {
      type: 'send_decided',
      verdict: 'refused',
      by: 'guard:lookup-7',
      phoneClass: 'new',
    }
    for (const country of ['CM', 'NG', 'ZZ', null]) emitRaw(sink, { ...decision, country })
    const series = (country: string, count: number) =>
      `second_factor_limit_decisions_total{verdict="refused",rule="guard",class="new",country="${country}"} ${count}`
    expect(await linesOf(register)).toEqual([
      series('CM', 1),
      series('other', 2),
      series('none', 1),
    ])
    const plain = new client.Registry()
    emitRaw(prometheusEvents({ client, register: plain }), { ...decision, country: 'CM' })
    expect((await linesOf(plain)).join()).not.toContain('country')
  })

  test.each([
    ['a client that is none', { client: {} }, 'prometheusEvents.client'],
    ['countries that are no list', { client, countries: 'CM' }, 'prometheusEvents.countries'],
    ['a country by its name', { client, countries: ['Cameroon'] }, 'prometheusEvents.countries'],
    ['an option that does not exist', { client, prefix: 'x' }, 'prometheusEvents.prefix'],
  ])('refuses %s', (_title, options, option) => {
    const make = () => prometheusEvents(options as Parameters<typeof prometheusEvents>[0])
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(expect.objectContaining({ option }) as Error)
  })
})

describe('the alert rules of the guide', () => {
  const guide = readPage('src/adapters/metrics/README.md')
  const used = (pattern: RegExp) => [...new Set([...guide.matchAll(pattern)].map(String))]

  test('name only existing metrics and labels', async () => {
    const { register } = registry()
    const text = await register.metrics()
    const metrics = used(/\bsecond_factor_\w+/g)
    expect(metrics.length).toBeGreaterThan(5)
    const known = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name)
    expect(
      metrics.map((name) => name.replace(/_bucket$/, '')).filter((name) => !known.includes(name)),
    ).toEqual([])
    const labels = instrumentKeys.flatMap((key) => Object.keys(instruments[key].attributes))
    const named = used(/(?<=[{,])\w+(?=\s*[=!]~?")/g)
    expect(named.length).toBeGreaterThan(1)
    expect(named.filter((label) => !labels.join().replaceAll('.', '_').includes(label))).toEqual([])
  })

  test('fire even if nobody has typed a code yet, or no process ran yesterday', () => {
    const passed = String.raw`\(sum\(increase\(second_factor_verifications_total\{outcome="passed",method="sms"\}\[30m\]\)\) or vector\(0\)\)`
    const yesterday = String.raw`\(sum\(increase\(second_factor_locks_total\[1h\] offset 1d\)\) or vector\(0\)\)`
    for (const part of [passed, yesterday]) expect(guide).toMatch(new RegExp(part))
  })

  test('come with a table that names every instrument', () => {
    for (const key of instrumentKeys) expect(guide).toContain(`\`${instruments[key].name}\``)
  })
})

describe('OpenTelemetry', () => {
  test('gets counters and histograms with their units and attributes', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({ readers: [reader] })
    const headless = openHeadless({
      events: openTelemetryEvents({ meter: provider.getMeter('test') }),
    })
    await headless.secondFactor.start(headless.alice)
    headless.now += 31_000
    await headless.secondFactor.verify(headless.alice, headless.codes()[0] ?? '')
    await reader.forceFlush()
    const metrics = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? []
    const found = (name: string) => metrics.find(({ descriptor }) => descriptor.name === name)
    expect(found('second_factor.sends')).toMatchObject({
      descriptor: { unit: '{message}' },
      dataPoints: [{ value: 1, attributes: { 'second_factor.channel': 'sms' } }],
    })
    expect(found('second_factor.verification.elapsed')).toMatchObject({
      descriptor: { unit: 's' },
      dataPoints: [
        { value: { sum: 31, buckets: { boundaries: [5, 10, 15, 30, 60, 120, 300, 600] } } },
      ],
    })
    const faults = found('second_factor.faults')?.dataPoints.map(({ attributes }) => attributes)
    expect(faults).toContainEqual({ 'error.type': 'store_unavailable' })
    await provider.shutdown()
  })

  test('counts nothing and fails nowhere without its SDK', () => {
    expect(() => {
      emitRaw(openTelemetryEvents(), { type: 'locked', until: null, failures: 100 })
    }).not.toThrow()
  })
})

describe('an attacker who chooses every field of every event', () => {
  test('creates no more series than the table allows, and gets no phone or code into one', async () => {
    const { register, sink } = registry()
    const names = [
      ...['type', 'code', 'purpose', 'method', 'channel', 'outcome', 'reason', 'source', 'kind'],
      ...['by', 'rule', 'country', 'phoneClass', 'verdict', 'scope', 'delivery', 'share'],
    ]
    const types = [
      ...['challenge_sent', 'delivery_failed', 'delivery_reported', 'passed', 'verify_refused'],
      ...['start_refused', 'send_decided', 'limit_reached', 'locked', 'grant_revoked', 'fault'],
      ...['factor_added', 'factor_removed', 'reset', '__proto__', 'constructor', 'toString'],
    ]
    const letters = 'abcdefghijklmnopqrstuvwxyz'
    const hostile = () => {
      const kinds = [
        () => `+2376712345${randomInt(10, 99)}`,
        () => String(randomInt(100_000, 999_999)),
        () => letters.slice(randomInt(20)) + String(randomInt(3)),
        () => `${letters[randomInt(26)] ?? ''}${letters[randomInt(26)] ?? ''}`,
        () => null,
        () => ({ toString: 'x' }),
      ]
      return kinds[randomInt(kinds.length)]?.()
    }
    for (let count = 0; count < 20_000; count += 1) {
      const fields = Object.fromEntries(names.map((name) => [name, hostile()]))
      emitRaw(sink, { ...fields, subject: String(count), type: types[count % types.length] })
    }
    const series = (await linesOf(register)).map((line) => line.replace(/ \S+$/, ''))
    expect(series.length).toBeGreaterThan(100)
    expect(series.join()).not.toMatch(/\d{5}|\+237/)
    // 60 words that are told apart, all others, and nothing at all.
    const values = new Map<string, Set<string>>()
    for (const each of series) {
      const [metric = '', labels = ''] = each.split(/[{}]/)
      for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
        const place = `${metric} ${label}`
        values.set(place, (values.get(place) ?? new Set()).add(value))
      }
    }
    const sizes = [...values.values()].map(({ size }) => size)
    expect(Math.max(...sizes)).toBe(62)
  })
})
