/**
 * An application changes who creates its codes, or how they are sent, during pending challenges: instances of both
 * kinds share the sessions and the rows. Pending challenges end without costing anybody an attempt, and the next code
 * passes.
 */

import { randomBytes } from 'node:crypto'

import session from 'express-session'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { twilioVerify } from '../../src/adapters/twilio/index.js'
import { consoleSender, memoryStore, type Channel, type CodeSender } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { alicesSubject, verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'
import { at } from '../support/two-apps.js'
import { startTwilioStandIn, type TwilioStandIn } from '../support/twilio-stand-in.js'

const challenge = '/second-factor/challenge'

let twilio: TwilioStandIn
let open: TestApp[]
let shared: { sessionStore: session.MemoryStore; store: ReturnType<typeof memoryStore> }
let now: number
const inbox = consoleSender({ print: () => undefined })
const secret = randomBytes(32).toString('base64url')

beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00.000Z')
  open = []
  shared = { sessionStore: new session.MemoryStore(), store: memoryStore() }
  twilio = await startTwilioStandIn({ clock: () => now })
})
afterEach(async () => {
  await Promise.all([...open.map((app) => app.close()), twilio.close()])
  expect(twilio.violations).toEqual([])
})

async function start(options: TestAppOptions): Promise<TestApp> {
  const { sessionStore, store } = shared
  const secondFactor = { ...options.secondFactor, store, clock: () => now }
  const app = await startTestApp({ ...options, sessionStore, secondFactor })
  open.push(app)
  return app
}

/** An instance with codes of our own, by senders of these channels. */
const local = (...channels: Channel[]) => {
  const senders = channels.map((channel): CodeSender => ({ ...inbox, channel }))
  return start({ secondFactor: { secret, sender: senders } })
}

/** An instance with Twilio's codes, by these channels. */
const hosted = (...channels: Channel[]) => {
  const { account, baseUrl, serviceSid } = twilio
  return start({ verifier: twilioVerify({ ...account, baseUrl, serviceSid, channels }) })
}

const lastOf = {
  local: () => inbox.inbox()[0]?.code,
  hosted: () => twilio.verifications.at(-1)?.code,
}

const ways: [
  string,
  keyof typeof lastOf,
  () => Promise<TestApp>,
  keyof typeof lastOf,
  () => Promise<TestApp>,
][] = [
  ['our own codes to Twilio’s', 'local', () => local('sms'), 'hosted', () => hosted('sms')],
  ['Twilio’s codes to our own', 'hosted', () => hosted('sms'), 'local', () => local('sms')],
  [
    'Twilio’s codes on a channel that we have no sender for',
    ...(['hosted', () => hosted('whatsapp', 'sms'), 'local', () => local('sms')] as const),
  ],
  [
    'a channel of ours that Twilio is not to use',
    ...(['local', () => local('call', 'sms'), 'hosted', () => hosted('sms')] as const),
  ],
]

describe.each(ways)('switching from %s', (_name, was, before, is, after) => {
  let browser: Browser
  let app: TestApp
  let oldCode: string
  beforeEach(async () => {
    const first = await before()
    const jar = await first.login('alice')
    oldCode = lastOf[was]() ?? ''
    expect(phoneOf(await rowOf(first.store, alicesSubject)).challenge?.attempts).toBe(0)
    app = await after()
    browser = at(app, jar)
  })

  test('the pending code has expired, which costs no attempt', async () => {
    for (let guess = 0; guess < 12; guess += 1) {
      expectProblem(await verify(browser, oldCode), 'code_expired')
    }
    const row = await rowOf(app.store, alicesSubject)
    expect([row.failures, phoneOf(row).challenge?.attempts, row.lock.tier]).toEqual([0, 0, 0])
    expect(twilio.requests.filter(({ path }) => path.endsWith('Check'))).toEqual([])
  })

  test('its wait still applies, and then a new code passes', async () => {
    expect((await browser.post(challenge)).json).toMatchObject({ code: 'cooldown' })
    now += 30_000
    const asked = await browser.post(challenge)
    expect([asked.status, asked.json]).toEqual([
      201,
      expect.objectContaining({ channel: 'sms', attemptsLeft: 5, expiresInSeconds: 300 }),
    ])
    expect((await verify(browser, lastOf[is]() ?? '')).status).toBe(200)
    expect((await browser.get('/account')).status).toBe(200)
  })

  test('its session can see it and cancel it', async () => {
    expect((await browser.get('/second-factor/')).status).toBe(200)
    expect((await browser.page('/second-factor/')).status).toBe(200)
    expect((await browser.delete(challenge)).status).toBe(204)
    expectProblem(await verify(browser, oldCode), 'no_challenge')
  })

  test('a job and an operator can continue', async () => {
    const user = app.users[0]
    if (user === undefined) throw new Error('there is no such user')
    expect(await app.secondFactor.status(user)).toMatchObject({ sends: 1, failures: 0 })
    expect(await app.secondFactor.verify(user, oldCode)).toMatchObject({ code: 'code_expired' })
    now += 30_000
    expect(await app.secondFactor.start(user)).toMatchObject({ status: 'pending', channel: 'sms' })
    await app.secondFactor.expire(user)
    await app.secondFactor.reset(user)
    await app.secondFactor.revoke(user)
    expect(await app.secondFactor.status(user)).toMatchObject({ challenge: null, sends: 0 })
  })

  test('passed sessions stay passed', async () => {
    const first = open[0]
    const passed = await first?.login('bob')
    if (passed === undefined || first === undefined) throw new Error('there is no such user')
    expect((await verify(passed, lastOf[was]() ?? '')).status).toBe(200)
    expect((await at(app, passed).get('/account')).status).toBe(200)
  })
})

test('after switching back the first code does not pass', async () => {
  const first = await local('sms')
  const jar = await first.login('alice')
  const oldCode = inbox.inbox()[0]?.code ?? ''
  const second = await hosted('sms')
  now += 30_000
  expect((await at(second, jar).post(challenge)).status).toBe(201)
  expectProblem(await verify(jar, oldCode), 'code_expired')
  expect((await rowOf(first.store, alicesSubject)).failures).toBe(0)
})

test('after a sender is removed the next code goes by a remaining one', async () => {
  const first = await local('call', 'sms')
  const jar = await first.login('alice')
  const second = await local('sms')
  now += 30_000
  const browser = at(second, jar)
  const { status, json } = await browser.post(challenge)
  expect([status, json['channel']]).toEqual([201, 'sms'])
  expect((await verify(browser, inbox.inbox()[0]?.code ?? '')).status).toBe(200)
})
