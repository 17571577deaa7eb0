/** The channels a code is sent by: those configured, those a user may choose, and switching between them. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { Channel, CodeSender, SendResult, UserDirectory } from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { startHostedApp, twilioFault } from '../support/hosted-app.js'
import { verify } from '../support/in-or-out.js'
import { expectProblem } from '../support/problem.js'
import { phoneOf, rowOf } from '../support/rows.js'

const challenge = '/second-factor/challenge'

interface Sent {
  readonly channel: Channel
  readonly code: string
}

let app: TestApp
let alice: Browser
let sent: Sent[]
let answer: SendResult
beforeEach(async () => {
  sent = []
  answer = { status: 'sent' }
  await start(['sms', 'call'])
})
afterEach(() => app.close())

const senderOf = (channel: Channel): CodeSender => ({
  channel,
  send({ code }) {
    sent.push({ channel, code: code.reveal() })
    return Promise.resolve(answer)
  },
})

async function start(
  channels: readonly Channel[],
  allowed?: UserDirectory<TestUser>['channels'],
): Promise<void> {
  await (app as TestApp | undefined)?.close()
  app = await startTestApp({
    secondFactor: {
      sender: channels.map(senderOf),
      users: {
        id: ({ id }) => id,
        phone: ({ phone }) => phone,
        setVerifiedPhone: (user, phone) => (user.phone = phone),
        ...(allowed && { channels: allowed }),
      },
    },
  })
  alice = await password('alice')
}

async function password(username: string): Promise<Browser> {
  const browser = app.browser()
  await browser.post('/password', { username, password: 'password' })
  return browser
}

const ways = () => sent.map(({ channel }) => channel)

/** Checks that this body is malformed, and that nothing was sent or counted for it. */
async function expectRefused(body: object): Promise<void> {
  const before = await app.store.read('1')
  expectProblem(await alice.post(challenge, body), 'malformed_request')
  expect([await app.store.read('1'), sent]).toEqual([before, []])
}

describe('the channel', () => {
  test('is the first configured one by default', async () => {
    expect((await alice.post(challenge)).json).toMatchObject({ channel: 'sms', method: 'sms' })
    await start(['call', 'sms'])
    const login = await app.browser().post('/login', { username: 'bob', password: 'password' })
    expect(login.json).toMatchObject({ challenge: { channel: 'call' } })
    expect(ways()).toEqual(['sms', 'call'])
  })

  test.each<Channel>(['sms', 'call'])('is %s where the person chooses it', async (channel) => {
    const { status, json } = await alice.post(challenge, { channel })
    expect([status, json]).toEqual([201, expect.objectContaining({ channel })])
    expect(ways()).toEqual([channel])
    expect((await alice.get('/second-factor/')).json).toMatchObject({ challenge: { channel } })
    expect((await verify(alice, sent[0]?.code ?? '')).status).toBe(200)
  })

  test('can be chosen on a form', async () => {
    expect((await alice.submit(challenge, { channel: 'call' })).status).toBe(303)
    expect(ways()).toEqual(['call'])
  })

  test.each([
    ...['pigeon', 'SMS', 'sms ', '', 'whatsapp', 'console', '__proto__', 'toString'],
    ...[['call'], [], ['sms', 'call'], 1, 0, null, true, false, {}, { channel: 'call' }],
  ])('%j is refused and nothing is sent', async (channel) => {
    await expectRefused({ channel })
  })

  test('is refused if a form names it twice, and nothing is sent', async () => {
    const headers = {
      ...{ accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    }
    const body = 'channel=sms&channel=call'
    expectProblem(
      await alice.ask(challenge, { method: 'POST', headers, body }),
      'malformed_request',
    )
    expect(sent).toEqual([])
  })

  test('is ignored in the query', async () => {
    expect((await alice.post(`${challenge}?channel=call`)).json).toMatchObject({ channel: 'sms' })
  })
})

describe('the application', () => {
  test('decides which channels a user may choose', async () => {
    await start(['sms', 'call', 'whatsapp'], ({ username }) =>
      Promise.resolve(username === 'alice' ? ['sms', 'call'] : ['whatsapp']),
    )
    await expectRefused({ channel: 'whatsapp' })
    expect((await alice.post(challenge, { channel: 'call' })).status).toBe(201)
    const bob = await password('bob')
    expectProblem(await bob.post(challenge, { channel: 'call' }), 'malformed_request')
    expect((await bob.post(challenge, { channel: 'whatsapp' })).status).toBe(201)
    expect(ways()).toEqual(['call', 'whatsapp'])
  })

  test('cannot allow one that is not configured', async () => {
    await start(['sms'], () => ['sms', 'call'])
    await expectRefused({ channel: 'call' })
  })

  test.each<[string, () => unknown]>([
    ['an empty list', () => []],
    ['nothing', () => undefined],
    ['a string', () => 'call'],
    ['a set', () => new Set(['call'])],
  ])('that answers %s allows no message', async (_what, channels) => {
    await start(['sms', 'call'], channels as NonNullable<UserDirectory<TestUser>['channels']>)
    await expectRefused({ channel: 'call' })
    expectProblem(await alice.post(challenge), 'destination_blocked')
    expect(sent).toEqual([])
  })

  test('prevents any message if its callback fails', async () => {
    await start(['sms', 'call'], () => Promise.reject(new Error('no such table')))
    const { status } = await alice.post(challenge, { channel: 'call' })
    expect([status >= 500, sent]).toEqual([true, []])
  })
})

describe('a resend by another channel', () => {
  test('keeps the code, the budget and the expiry', async () => {
    await alice.post(challenge)
    const code = sent[0]?.code ?? ''
    await verify(alice, wrongCode(code))
    app.clock.advance(30)
    expect((await alice.post(challenge, { channel: 'call' })).json).toMatchObject({
      ...{ channel: 'call', attemptsLeft: 4, expiresInSeconds: 270 },
    })
    app.clock.advance(60)
    expect((await alice.post(challenge)).json).toMatchObject({ channel: 'call', attemptsLeft: 4 })
    expect(sent).toEqual(['sms', 'call', 'call'].map((channel) => ({ channel, code })))
    expect((await verify(alice, code)).status).toBe(200)
  })

  test('shares the wait and the daily limit with the first', async () => {
    await alice.post(challenge)
    const { json } = await alice.post(challenge, { channel: 'call' })
    expect(json).toMatchObject({ code: 'cooldown', challenge: { channel: 'sms' } })
    expect(ways()).toEqual(['sms'])
  })

  test.each<SendResult>([
    { status: 'rejected', reason: 'destination_blocked' },
    { status: 'rejected', reason: 'unavailable' },
    { status: 'operator_fault', reason: 'no such voice' },
  ])('that did not go out ($status) leaves the challenge on its own', async (result) => {
    await alice.post(challenge)
    const before = phoneOf(await rowOf(app.store, '1')).challenge
    app.clock.advance(30)
    answer = result
    await alice.post(challenge, { channel: 'call' })
    expect(phoneOf(await rowOf(app.store, '1')).challenge).toEqual(before)
    app.clock.advance(5)
    answer = { status: 'sent' }
    expect((await alice.post(challenge)).json).toMatchObject({ channel: 'sms' })
    expect(ways()).toEqual(['sms', 'call', 'sms'])
  })
})

describe('a code owned by Twilio', () => {
  test('can change channel within one verification', async () => {
    const hosted = await startHostedApp({ verify: { channels: ['sms', 'call'] } })
    const browser = await hosted.login('alice')
    const { sid, code } = hosted.verification('alice')
    hosted.clock.advance(30)
    const { json } = await browser.post(challenge, { channel: 'call' })
    expect(json).toMatchObject({ channel: 'call', expiresInSeconds: 270 })
    expect(hosted.asked().start).toMatchObject([{ Channel: 'sms' }, { Channel: 'call' }])
    expect(hosted.verification('alice')).toMatchObject({ sid, sends: 2, channel: 'call' })
    expectProblem(await browser.post(challenge, { channel: 'whatsapp' }), 'malformed_request')
    hosted.clock.advance(60)
    hosted.twilio.script(twilioFault(403, 60410))
    expectProblem(await browser.post(challenge, { channel: 'sms' }), 'destination_blocked')
    expect(phoneOf(await rowOf(hosted.store, '1')).challenge).toMatchObject({
      ...{ channel: 'call', code: { owner: 'hosted', ref: sid } },
    })
    expect((await verify(browser, code)).status).toBe(200)
    expect(hosted.twilio.violations).toEqual([])
    await hosted.close()
  })
})
