/** Strangers who have messages sent at the application's cost, over HTTP, behind no proxy, one and two. */

import { afterEach, expect, test, vi } from 'vitest'

import { memoryCounts, type LimitsOptions } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import { phoneInRow } from '../support/limited-rig.js'

let app: TestApp

async function start(limits: Partial<LimitsOptions>, proxies: number | false = false) {
  app = await startTestApp({
    secondFactor: {
      limits: { counts: memoryCounts(), ...limits },
      users: {
        id: (user) => user.id,
        phone: (user) => user.phone && { number: user.phone, verified: user.verified },
        setVerifiedPhone: () => undefined,
        findByPhone: () => null,
      },
    },
    before: (express) => express.set('trust proxy', proxies),
    routes: (express, secondFactor) => express.use('/otp', secondFactor.phoneVerificationRouter()),
  })
  app.clock.advance(300)
}

afterEach(async () => {
  vi.unstubAllEnvs()
  await app.close()
})

/** Asks for a code to a phone without a login, through proxies that say where the request came from. */
function generate(phone: string, forwarded?: string) {
  return app.browser().ask('/otp/generate', {
    method: 'POST',
    body: JSON.stringify({ phone_number: phone }),
    headers: {
      'content-type': 'application/json',
      ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
    },
  })
}

test.each([
  ['none', false, (n: number) => `203.0.113.${n}`],
  ['one', 1, (n: number) => `203.0.113.${n}, 198.51.100.7`],
  ['two', 2, (n: number) => `203.0.113.${n}, 198.51.100.7, 10.0.0.1`],
] as const)(
  'a stranger behind %s proxies who forges addresses gets only what one network is allowed',
  async (_what, proxies, forwarded) => {
    await start({ rules: { network: { perHour: 6 }, prefix: { action: 'off' } } }, proxies)
    for (let n = 1; n < 20; n += 1) await generate(phoneInRow(n * 10_007), forwarded(n))
    expect(app.inbox.inbox()).toHaveLength(6)
  },
)

test('a stranger learns neither which limit refused, nor when it frees up, nor whether anybody has the phone', async () => {
  await start({ rules: { prefix: { perHour: 1 } } })
  await generate(phoneInRow(1, '+23767123'))
  const known = await generate(app.users[0]?.phone ?? '')
  const unknown = await generate(phoneInRow(9, '+23767123'))
  for (const { status, json, headers } of [known, unknown]) {
    expect([status, json['code']]).toEqual([429, 'send_limit'])
    const seconds = Number(headers.get('retry-after'))
    expect(seconds).toBeGreaterThanOrEqual(600)
    expect(seconds).toBeLessThan(1_200)
    expect(Object.keys(json).toSorted()).toEqual(Object.keys(unknown.json).toSorted())
    expect(JSON.stringify(json)).not.toMatch(/prefix|country|237/)
  }
})

test('a stopped stranger does not stop sign-ins to verified phones', async () => {
  await start({ rules: { application: { perDay: 10, newShare: 0.5 }, prefix: { action: 'off' } } })
  for (let n = 1; n < 20; n += 1) await generate(phoneInRow(n * 10_007))
  expect(app.inbox.inbox()).toHaveLength(5)
  await app.login('alice')
  expect(app.inbox.inbox()).toHaveLength(6)
})

test('a login whose code is refused by a limit stands, and says when to ask again', async () => {
  await start({ rules: { application: { perDay: 1 } } })
  await app.login('alice')
  const bob = app.browser()
  const answer = await bob.post('/login', { username: 'bob', password: 'password' })
  expect(answer.status).toBeLessThan(400)
  expect(JSON.stringify(answer.json)).toContain('send_limit')
  expect(app.inbox.inbox()).toHaveLength(1)
})

test('in production the proxy’s own address is not limited, and the operator is warned once', async () => {
  await start({ rules: { network: { perHour: 2 }, prefix: { action: 'off' } } })
  vi.stubEnv('NODE_ENV', 'production')
  for (let n = 1; n < 6; n += 1) await generate(phoneInRow(n * 10_007))
  expect(app.inbox.inbox()).toHaveLength(5)
  const told = app.events.filter((event) => event.type === 'set_up_mistake')
  expect(told.map(({ option }) => option)).toEqual(['trust proxy'])
})
