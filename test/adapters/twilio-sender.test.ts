/** The Messaging sender, on the real SDK, against a stand-in of Twilio. */

import twilio from 'twilio'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { twilioSender, type TwilioHttpClient } from '../../src/adapters/twilio/index.js'
import { Sensitive } from '../../src/core/sensitive.js'
import type { CodeMessage, SendResult } from '../../src/factors/phone/ports/code-sender.js'
import { twilioError } from '../support/twilio-stand-in-answers.js'
import {
  startTwilioStandIn,
  type StandInFault,
  type TwilioStandIn,
} from '../support/twilio-stand-in.js'

const from = '+15550006789'
const to = '+237671234567'
const text = '491 625 is your code.'

function message(parts: Partial<CodeMessage> = {}): CodeMessage {
  return {
    to,
    code: new Sensitive('491625'),
    text: new Sensitive(text),
    expiresAt: new Date('2026-01-01T00:05:00.000Z'),
    validForSeconds: 300,
    locale: null,
    ...parts,
  }
}

let standIn: TwilioStandIn
beforeAll(async () => {
  standIn = await startTwilioStandIn()
})
afterEach(() => {
  expect(standIn.violations).toEqual([])
})
afterAll(() => standIn.close())

const sender = (timeoutSeconds?: number) =>
  twilioSender({ ...standIn.account, from, baseUrl: standIn.baseUrl, timeoutSeconds })

/** Sends once while the stand-in goes wrong like this, and says how often Twilio was asked. */
async function sendThrough(
  fault: StandInFault,
  timeoutSeconds?: number,
): Promise<{ result: SendResult; asked: number }> {
  const before = standIn.requests.length
  standIn.script(fault)
  const result = await sender(timeoutSeconds).send(message())
  return { result, asked: standIn.requests.length - before }
}

describe('a message', () => {
  test('is sent once, from the number, and cannot outlive its code in the queue', async () => {
    const before = standIn.requests.length
    const result = await sender().send(message({ validForSeconds: 272 }))
    const sent = standIn.messages.at(-1)
    expect(result).toEqual({ status: 'sent', reference: sent?.sid })
    expect(standIn.requests.slice(before).map(({ parameters }) => parameters)).toEqual([
      { To: to, From: from, Body: text, ValidityPeriod: '272' },
    ])
  })

  test('without a code is sent too, and can wait for the phone as long as Twilio allows', async () => {
    const notice = { to, text: 'Your phone number was replaced.', locale: null }
    const result = await sender().notify?.(notice)
    expect(result).toEqual({ status: 'sent', reference: standIn.messages.at(-1)?.sid })
    expect(standIn.requests.at(-1)?.parameters).toEqual({
      ...{ To: to, From: from, Body: notice.text, ValidityPeriod: '36000' },
    })
  })

  test('is sent through a Messaging Service with the configured status callback', async () => {
    const messagingServiceSid = `MG${'0'.repeat(32)}`
    const statusCallback = 'https://app.example/receipts/twilio?a=1'
    await twilioSender({
      ...standIn.key,
      baseUrl: standIn.baseUrl,
      messagingServiceSid,
      statusCallback,
    }).send(message())
    expect(standIn.requests.at(-1)?.parameters).toEqual({
      To: to,
      MessagingServiceSid: messagingServiceSid,
      Body: text,
      ValidityPeriod: '300',
      StatusCallback: statusCallback,
    })
  })

  test.each([
    [0.4, '1'],
    [86_400, '36000'],
  ])('with %d s left has a validity period that Twilio accepts', async (left, period) => {
    expect(await sender().send(message({ validForSeconds: left }))).toMatchObject({
      status: 'sent',
    })
    expect(standIn.requests.at(-1)?.parameters).toMatchObject({ ValidityPeriod: period })
  })

  test('is sent through the application’s client', async () => {
    const inner = new twilio.RequestClient()
    const uris: string[] = []
    const httpClient: TwilioHttpClient = {
      request(options) {
        uris.push(options.uri)
        const { pathname } = new URL(options.uri)
        return inner.request({ ...options, uri: standIn.baseUrl + pathname })
      },
    }
    const { accountSid, authToken } = standIn.account
    const options: object = { httpClient }
    const result = await twilioSender({
      client: twilio(accountSid, authToken, options),
      from,
    }).send(message())
    expect(result).toMatchObject({ status: 'sent' })
    expect(uris).toEqual([`https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`])
  })

  test('is sent through the application’s HTTP client, to the path below the base URL', async () => {
    const uris: string[] = []
    const httpClient: TwilioHttpClient = {
      request(options) {
        uris.push(options.uri)
        const body = { sid: `SM${'1'.repeat(32)}`, status: 'queued', error_code: null }
        return Promise.resolve({ statusCode: 201, body, headers: {} })
      },
    }
    const baseUrl = 'https://relay.example/twilio/'
    const { account } = standIn
    const result = await twilioSender({ ...account, from, httpClient, baseUrl }).send(message())
    expect(result).toMatchObject({ status: 'sent' })
    expect(uris).toEqual([
      `https://relay.example/twilio/2010-04-01/Accounts/${account.accountSid}/Messages.json`,
    ])
  })
})

describe('a refusal by Twilio is classified, and the message is not retried', () => {
  const invalid = { status: 'rejected', reason: 'destination_invalid' }
  const blocked = { status: 'rejected', reason: 'destination_blocked' }
  const unavailable = { status: 'rejected', reason: 'unavailable' }
  const fault = (code: number) => ({ status: 'operator_fault', reason: `twilio ${code}` })
  const rows: [status: number, code: number, expected: object][] = [
    ...[21211, 21614, 21635].map((code): [number, number, object] => [400, code, invalid]),
    // This sender reaches no such destination; another one may.
    [400, 21612, fault(21612)],
    [403, 60205, invalid],
    ...[21408, 21610].map((code): [number, number, object] => [400, code, blocked]),
    [403, 60410, { ...blocked, blockedPrefixSeconds: 43_200 }],
    [403, 60605, blocked],
    [429, 20429, unavailable],
    [429, 21611, unavailable],
    [429, 29999, unavailable],
    [429, 14107, fault(14107)],
    [429, 63038, fault(63038)],
    [401, 20003, fault(20003)],
    ...[20005, 20006, 20008, 20403].map((code): [number, number, object] => [
      403,
      code,
      fault(code),
    ]),
    [404, 20404, fault(20404)],
    ...[21608, 21602, 21603, 21604, 21605, 21606, 21212, 21266, 21617, 21701, 21703, 21999].map(
      (code): [number, number, object] => [400, code, fault(code)],
    ),
  ]
  test.each(rows)('HTTP %d with code %d', async (status, code, expected) => {
    const answer = twilioError(status, code, `about ${to}`)
    expect(await sendThrough({ kind: 'answer', ...answer })).toEqual({
      result: expected,
      asked: 1,
    })
  })

  test('in the shape of RFC 9457 too', async () => {
    const body = { type: 'about:blank', title: 'Opted out', status: 400, code: 21610 }
    const { result } = await sendThrough({ kind: 'answer', status: 400, body })
    expect(result).toEqual(blocked)
  })

  test('with the wait Twilio requests, up to an hour, and never another call’s', async () => {
    const busy = (seconds: string): StandInFault => ({
      kind: 'answer',
      ...twilioError(429, 20429, 'busy', { 'Retry-After': seconds }),
    })
    expect((await sendThrough(busy('17'))).result).toEqual({
      ...unavailable,
      retryAfterSeconds: 17,
    })
    expect((await sendThrough(busy('86400'))).result).toMatchObject({ retryAfterSeconds: 3600 })
    expect((await sendThrough(busy('soon'))).result).toEqual(unavailable)

    const one = sender()
    standIn.script(busy('11'), { kind: 'answer', ...twilioError(429, 20429, 'busy') })
    const results = await Promise.all([one.send(message()), one.send(message())])
    expect(
      results.map((result) => 'retryAfterSeconds' in result && result.retryAfterSeconds),
    ).toSatisfy((waits: unknown[]) => waits.includes(11) && waits.includes(undefined))
  })

  test.each([307, 308, 302])('HTTP %d is not followed to another server', async (status) => {
    const elsewhere = await startTwilioStandIn()
    const headers = { Location: `${elsewhere.baseUrl}/2010-04-01/Accounts/x/Messages.json` }
    const { result, asked } = await sendThrough({ kind: 'answer', status, headers })
    await elsewhere.close()
    expect(result).toEqual({ status: 'operator_fault', reason: `twilio http ${status}` })
    expect(asked).toBe(1)
    expect(elsewhere.requests).toEqual([])
  })

  test.each([
    ['an HTML page', '<html><body>Forbidden</body></html>'],
    ['nothing', ''],
    ['half a JSON', '{"code": 21610, "mess'],
    ['null', 'null'],
  ])('HTTP 403 with %s is an operator fault', async (_name, body) => {
    const { result, asked } = await sendThrough({ kind: 'answer', status: 403, body })
    expect(result).toEqual({ status: 'operator_fault', reason: 'twilio http 403' })
    expect(asked).toBe(1)
  })

  test.each([
    [21610, blocked],
    [30006, invalid],
    [30003, unavailable],
    [30007, blocked],
    [30008, { status: 'maybe_sent', reason: 'twilio 30008' }],
    [30034, fault(30034)],
  ])('even in a 2xx, as error_code %d', async (error_code, expected) => {
    const body = { sid: `SM${'1'.repeat(32)}`, status: 'failed', error_code }
    expect((await sendThrough({ kind: 'answer', status: 201, body })).result).toEqual(expected)
  })
})

describe('if it is unknown whether the message was sent, the result says so and nothing is resent', () => {
  const accepted = true
  const html = '<html>Bad gateway</html>'
  test.each<[string, StandInFault, number?]>([
    ['no answer at all', { kind: 'hang', accepted }, 0.3],
    ['an answer that drips in', { kind: 'drip', accepted }, 0.3],
    ['a reset', { kind: 'reset', accepted }],
    ['an answer cut short', { kind: 'cut', accepted, status: 201 }],
    ['a 500', { kind: 'answer', accepted, ...twilioError(500, 20500, 'trouble') }],
    ['a 503', { kind: 'answer', accepted, ...twilioError(503, 20503, 'trouble') }],
    ['a 502 of a proxy', { kind: 'answer', accepted, status: 502, body: html }],
    ['a 504 without a body', { kind: 'answer', accepted, status: 504 }],
    ['a 500 that names a refusal', { kind: 'answer', ...twilioError(500, 21610, 'stop') }],
    ['a 408', { kind: 'answer', accepted, status: 408 }],
    ['a 201 without a body', { kind: 'answer', accepted, status: 201 }],
    ['a 201 with a page', { kind: 'answer', accepted, status: 201, body: html }],
    ['a 201 with half a JSON', { kind: 'answer', accepted, status: 201, body: '{"sid":"SM1' }],
    ['a 201 with null', { kind: 'answer', accepted, status: 201, body: 'null' }],
    ['a 201 with a list', { kind: 'answer', accepted, status: 201, body: '[]' }],
    ['a 201 without a sid', { kind: 'answer', accepted, status: 201, body: { status: 'sent' } }],
    ['a 204', { kind: 'answer', accepted, status: 204 }],
    [
      'a 201 as long as a book',
      {
        kind: 'answer',
        accepted,
        status: 201,
        body: { sid: `SM${'1'.repeat(32)}`, book: 'x'.repeat(2_000_000) },
      },
    ],
  ])('%s', async (_name, fault, timeoutSeconds) => {
    const { result, asked } = await sendThrough(fault, timeoutSeconds)
    expect(result).toMatchObject({ status: 'maybe_sent' })
    expect(asked).toBe(1)
  })

  test('and the connection is closed at the deadline, even while bytes still arrive', async () => {
    await sendThrough({ kind: 'drip' }, 0.2)
    await standIn.requests.at(-1)?.over
  })

  test.each<[string, unknown]>([
    ['rejects with nothing', undefined],
    ['rejects with a text', 'no'],
    ['rejects with an error of its own', new Error(`could not send to ${to}`)],
  ])('a client that %s', async (_name, reason) => {
    const create = vi.fn<() => Promise<unknown>>().mockRejectedValue(reason)
    const result = await twilioSender({ client: { messages: { create } }, from }).send(message())
    expect(result).toEqual({ status: 'maybe_sent', reason: 'twilio gave no readable answer' })
  })
})

test('a client that never settles times out at the deadline', async () => {
  const create = () => new Promise(() => undefined)
  const client = { messages: { create } }
  const result = await twilioSender({ client, from, timeoutSeconds: 0.05 }).send(message())
  expect(result).toEqual({ status: 'maybe_sent', reason: 'twilio gave no answer in time' })
})

test('a message that Twilio failed at once, without a reason, can be resent', async () => {
  const body = { sid: `SM${'1'.repeat(32)}`, status: 'failed', error_code: null }
  const { result } = await sendThrough({ kind: 'answer', status: 201, body })
  expect(result).toEqual({ status: 'rejected', reason: 'unavailable' })
})

describe('if nothing left this process', () => {
  test('a refused connection is reported as unavailable, because a retry is safe', async () => {
    const gone = await startTwilioStandIn()
    await gone.close()
    const { account, baseUrl } = gone
    const result = await twilioSender({ ...account, from, baseUrl }).send(message())
    expect(result).toEqual({ status: 'rejected', reason: 'unavailable' })
  })

  test('a nonexistent host is reported as unavailable', async () => {
    const baseUrl = 'https://twilio.invalid'
    const result = await twilioSender({ ...standIn.account, from, baseUrl }).send(message())
    expect(result).toEqual({ status: 'rejected', reason: 'unavailable' })
  })

  test.each([
    ['CERT_HAS_EXPIRED', { status: 'operator_fault', reason: 'twilio CERT_HAS_EXPIRED' }],
    ['ECONNREFUSED', { status: 'rejected', reason: 'unavailable' }],
    ['ENOTFOUND', { status: 'rejected', reason: 'unavailable' }],
    ['EAI_AGAIN', { status: 'rejected', reason: 'unavailable' }],
  ])('a connection that fails with %s is classified', async (code, expected) => {
    const create = () => Promise.reject(Object.assign(new Error('no'), { code }))
    const result = await twilioSender({ client: { messages: { create } }, from }).send(message())
    expect(result).toEqual(expected)
  })

  test('several unreachable addresses are reported as unavailable', async () => {
    const tried = ['EHOSTUNREACH', 'ETIMEDOUT'].map((code) =>
      Object.assign(new Error(code), { code, syscall: 'connect' }),
    )
    const error = new Error('all failed', { cause: new AggregateError(tried) })
    const create = () => Promise.reject(Object.assign(error, { code: 'ETIMEDOUT' }))
    const result = await twilioSender({ client: { messages: { create } }, from }).send(message())
    expect(result).toEqual({ status: 'rejected', reason: 'unavailable' })
  })

  test('an SDK that throws at once is an operator fault', async () => {
    const client = twilio(`AC${'0'.repeat(32)}`, 'token')
    client.invalidateBasicAuth()
    const result = await twilioSender({ client, from }).send(message())
    expect(result).toEqual({
      status: 'operator_fault',
      reason: 'the twilio client refused the call',
    })
  })

  test('an SDK that does not start is an operator fault', async () => {
    vi.stubEnv('TWILIO_CA_BUNDLE', '/no/such/file')
    const result = await sender().send(message())
    vi.unstubAllEnvs()
    expect(result).toMatchObject({ status: 'operator_fault' })
    expect(result).toHaveProperty('reason', expect.stringContaining('TWILIO_CA_BUNDLE'))
  })

  test('wrong credentials are an operator fault', async () => {
    const { accountSid } = standIn.account
    const { baseUrl } = standIn
    const wrong = twilioSender({ accountSid, authToken: 'wrong', from, baseUrl })
    expect(await wrong.send(message())).toEqual({
      status: 'operator_fault',
      reason: 'twilio 20003',
    })
  })
})
