/** The example picks the provider that sends codes from its environment; with each, a login reaches the account. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import {
  logOf,
  newDatabase,
  phones,
  startExample,
  verify,
  type Environment,
  type Example,
} from '../support/example.js'
import {
  json,
  standInDevice,
  standInKey,
  startTextbee,
  type TextbeeStandIn,
} from '../support/textbee-stand-in.js'
import { startTwilioStandIn, type TwilioStandIn } from '../support/twilio-stand-in.js'
import { wrongCode } from '../support/codes.js'

let twilio: TwilioStandIn
let textbee: TextbeeStandIn
beforeAll(async () => {
  ;[twilio, textbee] = await Promise.all([startTwilioStandIn(), startTextbee()])
})
afterAll(() => Promise.all([twilio.close(), textbee.close()]))

const from = '+15005550006'

function account(): Environment {
  const { accountSid, authToken } = twilio.account
  return {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_API_BASE: twilio.baseUrl,
  }
}

function device(): Environment {
  return {
    SMS_SENDER_API: textbee.baseUrl,
    TEXTBEE_API_KEY: standInKey,
    TEXTBEE_DEVICE_ID: standInDevice,
  }
}

/** Starts the example, and checks that it says who sends, and has no inbox and no code in its log. */
async function startWith(env: Environment, name: string): Promise<Example> {
  const example = await startExample({ DATABASE_URL: newDatabase(), ...env })
  const home = await example.browser().page('/')
  expect(home.text).toContain(`Codes are sent by: ${name}<`)
  expect(example.output()).toContain(`(codes by ${name})`)
  expect((await example.browser().get('/dev/inbox')).status).toBe(404)
  return example
}

function codeIn(text: unknown): string {
  return /\b\d{6}\b/.exec(String(text))?.[0] ?? ''
}

describe('Twilio Messaging', () => {
  test('sends the code of a login, which reaches the account', async () => {
    const PUBLIC_URL = 'https://login.example'
    const env = { ...account(), TWILIO_PHONE_NUMBER: from, PUBLIC_URL }
    const example = await startWith(env, 'Twilio Messaging')
    const alice = await example.login('alice')
    const message = twilio.messages.at(-1)
    expect(message).toMatchObject({ to: phones.alice, from })
    const code = codeIn(message?.body)
    expect(message?.body).toMatch(new RegExp(`\\n@login\\.example #${code}$`))
    expect((await verify(alice, wrongCode(code))).json).toMatchObject({ code: 'code_incorrect' })
    expect((await verify(alice, code)).status).toBe(200)
    expect((await alice.get('/account')).json).toEqual({ user: { username: 'alice' } })
    expect(twilio.violations).toEqual([])
    expect(example.output()).not.toContain(code)
  })

  test('that refuses our credentials is reported to the operator, without them', async () => {
    const TWILIO_AUTH_TOKEN = '0123456789abcdef0123456789abcdef'
    const env = { ...account(), TWILIO_AUTH_TOKEN, TWILIO_PHONE_NUMBER: from }
    const example = await startWith(env, 'Twilio Messaging')
    const bob = example.browser()
    const answer = await bob.post('/login', { username: 'bob', password: 'builder-9' })
    expect(answer.json).toMatchObject({ refusal: { code: 'service_misconfigured' } })
    expect(answer.text).not.toContain('20003')
    expect(logOf(example)).toEqual([
      expect.objectContaining({
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/) as string,
        level: 'error',
        route: 'POST /login',
        type: 'delivery_failed',
        outcome: 'operator_fault',
        reason: 'twilio 20003',
      }),
    ])
    expect(example.output()).not.toContain(TWILIO_AUTH_TOKEN)
    expect(example.output()).not.toContain(phones.bob)
  })
})

describe('Twilio Verify', () => {
  test('creates and judges the code of a login, which reaches the account', async () => {
    const env = { ...account(), TWILIO_SERVICE_SID: twilio.serviceSid }
    const example = await startWith(env, 'Twilio Verify')
    const alice = await example.login('alice')
    const code = twilio.verifications.at(-1)?.code ?? ''
    const wrong = await verify(alice, wrongCode(code))
    expect(wrong.json).toMatchObject({ code: 'code_incorrect', attemptsLeft: 4 })
    expect((await verify(alice, code)).status).toBe(200)
    expect((await alice.get('/account')).json).toEqual({ user: { username: 'alice' } })
    expect(twilio.violations).toEqual([])
  })
})

describe('TextBee', () => {
  test('sends the code of a login, which reaches the account', async () => {
    const example = await startWith(device(), 'TextBee')
    const alice = await example.login('alice')
    const { message, recipients } = textbee.requests.at(-1)?.body as Record<string, unknown>
    expect(recipients).toEqual([phones.alice])
    expect((await verify(alice, codeIn(message))).status).toBe(200)
    expect((await alice.get('/account')).json).toEqual({ user: { username: 'alice' } })
    expect(example.output()).not.toContain(codeIn(message))
  })
})

describe('Twilio Messaging and TextBee together', () => {
  test('send by the second what the first certainly did not send', async () => {
    const env = { ...account(), TWILIO_PHONE_NUMBER: from, ...device() }
    const example = await startWith(env, 'Twilio Messaging, then TextBee')
    const sent = { twilio: twilio.messages.length, textbee: textbee.requests.length }
    twilio.script({ kind: 'answer', status: 401, body: { code: 20003, status: 401, message: '' } })
    const alice = await example.login('alice')
    expect(twilio.messages).toHaveLength(sent.twilio)
    expect(textbee.requests).toHaveLength(sent.textbee + 1)
    const { message } = textbee.requests.at(-1)?.body as Record<string, unknown>
    expect((await verify(alice, codeIn(message))).status).toBe(200)

    await example.login('bob')
    expect(twilio.messages).toHaveLength(sent.twilio + 1)
    expect(textbee.requests).toHaveLength(sent.textbee + 1)
  })

  test('tell the person if neither could send, and the login stands', async () => {
    const env = { ...account(), TWILIO_PHONE_NUMBER: from, ...device() }
    const example = await startWith(env, 'Twilio Messaging, then TextBee')
    twilio.script({ kind: 'answer', status: 429, body: { code: 20429, status: 429, message: '' } })
    textbee.behave(json(429, { message: 'limit' }))
    const alice = example.browser()
    const answer = await alice.post('/login', { username: 'alice', password: 'wonderland-7' })
    expect(answer.json).toMatchObject({ refusal: { code: 'delivery_unavailable' } })
    expect((await alice.get('/profile')).status).toBe(200)
  })
})
