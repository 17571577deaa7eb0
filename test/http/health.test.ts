/** The health check for load balancers and monitors: ok, degraded and down. */

import { afterEach, describe, expect, test } from 'vitest'

import { ConfigurationError, memoryCounts, type SendResult } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import { faultyStore } from '../support/faulty-store.js'
import { openHeadless } from '../support/headless.js'

let app: TestApp | undefined
afterEach(() => app?.close())

async function startWithHealth(options: TestAppOptions = {}): Promise<TestApp> {
  app = await startTestApp({
    ...options,
    routes: (express, secondFactor) => {
      express.get('/healthz', secondFactor.healthHandler({ timeoutSeconds: 0.05 }))
    },
  })
  return app
}

const broken = () => Promise.reject(new Error('the counts are away'))
const hanging = () => new Promise<never>(() => undefined)

describe('health', () => {
  test('is ok while the store responds, for anybody, and is never cached', async () => {
    const { request } = await startWithHealth().then((each) => ({ request: each.browser() }))
    const answer = await request.get('/healthz')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.json).toEqual({
      status: 'ok',
      checks: {
        store: { ok: true, milliseconds: 0 },
        sender: { ok: true, lastOutcome: null, at: null },
      },
    })
  })

  test.each(['refuses', 'throws', 'hangs'] as const)(
    'is down, as 503, while the store %s, without giving the reason',
    async (fault) => {
      const store = faultyStore()
      const { browser } = await startWithHealth({ secondFactor: { store } })
      store.faults = { read: fault }
      const answer = await browser().get('/healthz')
      expect([answer.status, answer.json['status']]).toEqual([503, 'down'])
      expect(answer.text).not.toContain(store.complaint)
      store.faults = {}
      expect((await browser().get('/healthz')).status).toBe(200)
    },
  )

  test('is degraded, as 200, while the counts are down: the machine must stay in service', async () => {
    const counts = { ...memoryCounts(), series: broken }
    const { browser } = await startWithHealth({
      secondFactor: { limits: { counts } },
    })
    const answer = await browser().get('/healthz')
    expect(answer.status).toBe(200)
    expect(answer.json).toMatchObject({ status: 'degraded', checks: { counts: { ok: false } } })
  })

  test('names the counts that hang, and still reports the sender', async () => {
    const counts = { ...memoryCounts(), series: hanging }
    const { browser } = await startWithHealth({ secondFactor: { limits: { counts } } })
    const answer = await browser().get('/healthz')
    expect([answer.status, answer.json]).toMatchObject([
      200,
      {
        status: 'degraded',
        checks: { store: { ok: true }, sender: { ok: true }, counts: { ok: false } },
      },
    ])
    expect(answer.json['checks']).not.toHaveProperty('phone')
  })

  test('is degraded once the vendor refuses our account, and ok after the next sent message', async () => {
    let result: SendResult = { status: 'operator_fault', reason: 'the token was refused' }
    const headless = openHeadless({
      sender: { channel: 'sms', send: () => Promise.resolve(result) },
    })
    const { secondFactor, alice } = headless
    await secondFactor.start(alice)
    const { status, checks } = await secondFactor.health()
    expect([status, checks['sender']]).toEqual([
      'degraded',
      { ok: false, lastOutcome: 'operator_fault', at: headless.at() },
    ])
    result = { status: 'sent' }
    headless.now += 60_000
    await secondFactor.start(alice)
    expect((await secondFactor.health()).status).toBe('ok')
  })

  test('is degraded after ten unsent messages in a row, and not after nine', async () => {
    const result: SendResult = { status: 'maybe_sent', reason: 'no answer' }
    const headless = openHeadless({
      sender: { channel: 'sms', send: () => Promise.resolve(result) },
      policy: { sendsPerDay: 20 },
    })
    const found: string[] = []
    for (let count = 0; count < 10; count += 1) {
      await headless.secondFactor.start(headless.alice, { renew: true })
      headless.now += 3_600_000
      found.push((await headless.secondFactor.health()).status)
    }
    expect(found.slice(-2)).toEqual(['ok', 'degraded'])
  })

  test('survives a factor whose health check throws, and names it', async () => {
    const { secondFactor } = openHeadless({
      factors: [
        {
          create: () => ({
            ...{ kind: 'word', method: 'word', amr: ['kba'], isGuessable: true },
            ...{
              isPhishingResistant: false,
              pageNames: [],
              isAvailable: () => Promise.resolve(false),
            },
            readEvidence: () => null,
            judge: (row) => ({ status: 'right', part: row.factors['word'] ?? {} }),
            page: () => Promise.reject(new Error('no page')),
            health() {
              throw new Error('no health')
            },
          }),
        },
      ],
    })
    expect(await secondFactor.health()).toMatchObject({
      status: 'degraded',
      checks: { word: { ok: false }, store: { ok: true } },
    })
  })

  test('rejects an invalid timeout before the first request', async () => {
    const { secondFactor } = openHeadless()
    for (const timeoutSeconds of [0, 61, Number.NaN]) {
      expect(() => secondFactor.healthHandler({ timeoutSeconds })).toThrow(ConfigurationError)
      await expect(secondFactor.health({ timeoutSeconds })).rejects.toThrow(ConfigurationError)
    }
  })
})

describe('an attacker who floods the health check', () => {
  test('causes one store read for all concurrent requests', async () => {
    let reads = 0
    const store = faultyStore()
    const counted = {
      ...store,
      read(subject: string) {
        reads += 1
        return store.read(subject)
      },
    }
    const { browser } = await startWithHealth({ secondFactor: { store: counted } })
    store.faults = { read: 'hangs' }
    const one = browser()
    const answers = await Promise.all(Array.from({ length: 8 }, () => one.get('/healthz')))
    expect(answers.every(({ status }) => status === 503)).toBe(true)
    expect(reads).toBeLessThanOrEqual(3)
  })
})
