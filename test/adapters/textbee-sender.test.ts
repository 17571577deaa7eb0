/** The TextBee sender against a server that validates requests like TextBee, and misbehaves. */

import { createServer } from 'node:net'
import { once } from 'node:events'
import { inspect } from 'node:util'

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { textbeeSender, type TextbeeSenderOptions } from '../../src/adapters/textbee/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import { Sensitive } from '../../src/core/sensitive.js'
import type { CodeMessage } from '../../src/factors/phone/ports/code-sender.js'
import {
  acceptPushed,
  acceptQueued,
  breakOff,
  drip,
  hang,
  json,
  raw,
  reset,
  standInBatch,
  standInDevice,
  standInKey,
  startTextbee,
  type Behaviour,
  type TextbeeStandIn,
} from '../support/textbee-stand-in.js'

const to = '+237671234567'
const code = '804213'
const text = `${code} is your code. It is valid for 5 min.`
const message: CodeMessage = {
  to,
  code: new Sensitive(code),
  text: new Sensitive(text),
  expiresAt: new Date(300_000),
  validForSeconds: 300,
  locale: null,
}

let textbee: TextbeeStandIn
beforeEach(async () => {
  textbee = await startTextbee()
})
afterEach(() => textbee.close())

function sender(options: Partial<TextbeeSenderOptions> = {}) {
  return textbeeSender({
    apiKey: standInKey,
    deviceId: standInDevice,
    baseUrl: textbee.baseUrl,
    ...options,
  })
}

const fault = (words: RegExp) => ({
  status: 'operator_fault',
  reason: expect.stringMatching(words) as string,
})
const maybe = { status: 'maybe_sent', reason: expect.any(String) as string }
const unavailable = { status: 'rejected', reason: 'unavailable' }

describe('the request', () => {
  test('is the same for a message without a code', async () => {
    const notice = { to, text: 'Your phone number was replaced.', locale: null }
    expect(await sender().notify?.(notice)).toEqual({ status: 'sent', reference: standInBatch })
    const [first] = textbee.requests
    expect(first?.body).toMatchObject({ message: notice.text, recipients: [to] })
    expect(await sender().notify?.({ ...notice, to: 'nobody' })).toEqual({
      ...{ status: 'rejected', reason: 'destination_invalid' },
    })
  })

  test('matches TextBee’s documentation, for one recipient', async () => {
    expect(await sender().send(message)).toEqual({ status: 'sent', reference: standInBatch })
    expect(textbee.requests).toHaveLength(1)
    const [request] = textbee.requests
    expect(request?.method).toBe('POST')
    expect(request?.path).toBe(`/api/v1/gateway/devices/${standInDevice}/send-sms`)
    expect(request?.headers).toMatchObject({ 'x-api-key': standInKey })
    expect(request?.headers).not.toHaveProperty('authorization')
    expect(request?.body).toEqual({ message: text, recipients: [to] })
  })

  test('includes the SIM if one is chosen', async () => {
    await sender({ simSubscriptionId: 2 }).send(message)
    expect(textbee.requests[0]?.body).toEqual({
      message: text,
      recipients: [to],
      simSubscriptionId: 2,
    })
  })

  test('keeps a strange device id within its path segment', async () => {
    await sender({ deviceId: '../a?b#c/d' }).send(message)
    expect(textbee.requests[0]?.path).toBe('/api/v1/gateway/devices/..%2Fa%3Fb%23c%2Fd/send-sms')
  })

  test('accepts a base URL with a trailing slash', async () => {
    const answer = await sender({ baseUrl: `${textbee.baseUrl}/` }).send(message)
    expect(answer.status).toBe('sent')
  })

  test('uses the given fetch', async () => {
    const seen: unknown[] = []
    const answer = await sender({
      baseUrl: undefined,
      fetch(input) {
        seen.push(input)
        return Promise.resolve(Response.json({ data: { successCount: 1 } }, { status: 201 }))
      },
    }).send(message)
    expect(answer).toEqual({ status: 'sent' })
    expect(seen).toEqual([
      `https://api.textbee.dev/api/v1/gateway/devices/${standInDevice}/send-sms`,
    ])
  })

  test.each(['', '+1', '00237671234567', '+237671234567,+237671234568', '+2376712345678901'])(
    'is never made for %j, which is not a number',
    async (wrong) => {
      expect(await sender().send({ ...message, to: wrong })).toEqual({
        status: 'rejected',
        reason: 'destination_invalid',
      })
      expect(textbee.requests).toEqual([])
    },
  )
})

const limitReached = {
  message: 'You have reached your daily limit',
  hasReachedLimit: true,
  dailyLimit: 50,
  dailyRemaining: 0,
  monthlyRemaining: 0,
  bulkSendLimit: 50,
  monthlyLimit: 300,
}
const throttled = { statusCode: 429, message: 'ThrottlerException: Too Many Requests' }
const html = '<html><body>Bad gateway</body></html>'

const answers: readonly [title: string, behaviour: Behaviour, result: object][] = [
  ['taken by the queue: sent', acceptQueued, { status: 'sent', reference: standInBatch }],
  ['pushed without a queue: sent', acceptPushed, { status: 'sent' }],
  ['201, pushed to no phone: a fault', json(201, { data: { successCount: 0 } }), fault(/push/)],
  ['201 that does not say success: maybe', json(201, { data: { success: false } }), maybe],
  ['201 with null: maybe', json(201, null), maybe],
  ['201 with HTML: maybe', raw(201, html), maybe],
  ['201 with nothing: maybe', raw(201, ''), maybe],
  ['201, cut off: maybe', raw(201, '{"data":{"success":true'), maybe],
  ['201, broken off: maybe', breakOff(201), maybe],
  [
    '201 without an end to it: maybe',
    json(201, { data: { success: true }, padding: 'x'.repeat(70_000) }),
    maybe,
  ],
  [
    '400, device disabled: a fault',
    json(400, { success: false, error: 'Device does not exist or is not enabled' }),
    fault(/device is disabled/),
  ],
  ['400, device id: a fault', json(400, { error: 'Invalid device id' }), fault(/deviceId/)],
  [
    '400, e-mail not confirmed: a fault',
    json(400, { message: 'Please verify your email to continue' }),
    fault(/e-mail/),
  ],
  [
    '400, push failed: a fault',
    json(400, { success: false, error: 'Failed to send SMS', additionalInfo: { a: 1 } }),
    fault(/push/),
  ],
  [
    '400 of the framework: a fault',
    json(400, { statusCode: 400, message: ['Message cannot be blank'] }),
    fault(/status 400/),
  ],
  ['400 with HTML: a fault', raw(400, html), fault(/status 400/)],
  ['401: a fault', json(401, { error: 'Unauthorized' }), fault(/apiKey or deviceId/)],
  ['401 that drips: a fault', drip(401), fault(/apiKey or deviceId/)],
  ['403: a fault', raw(403, html), fault(/apiKey or deviceId/)],
  ['404: a fault', json(404, { statusCode: 404, message: 'Cannot POST' }), fault(/baseUrl/)],
  ['413: a fault', raw(413, html), fault(/status 413/)],
  ['429 of the plan: a fault', json(429, limitReached, { 'retry-after': '5' }), fault(/limit/)],
  ['429 of the throttler: later', json(429, throttled), unavailable],
  [
    '429 of the throttler with its wait: then',
    json(429, throttled, { 'retry-after': '42' }),
    { ...unavailable, retryAfterSeconds: 42 },
  ],
  [
    '429 with an endless wait: in an hour',
    json(429, throttled, { 'retry-after': '99999999' }),
    { ...unavailable, retryAfterSeconds: 3_600 },
  ],
  ['429 with nonsense for a wait: later', raw(429, html, { 'retry-after': '-1' }), unavailable],
  [
    '500, account banned: a fault',
    json(500, { message: 'Sorry, we cannot process your request at the moment' }),
    fault(/suspended/),
  ],
  ['500: maybe', json(500, { statusCode: 500, message: 'Internal server error' }), maybe],
  ['500, cut off: maybe', raw(500, '{"message":"Sorry, we cannot pro'), maybe],
  ['502 of a proxy: maybe', raw(502, html), maybe],
  ['503 with a wait: maybe', raw(503, html, { 'retry-after': '5' }), maybe],
  ['408: maybe', raw(408, ''), maybe],
  ['silence: maybe', hang, { status: 'maybe_sent', reason: 'TextBee: no answer in time' }],
  ['a reset: maybe', reset, { status: 'maybe_sent', reason: 'TextBee: the connection broke' }],
  ['201 that drips: maybe', drip(201), maybe],
]

describe('the response', () => {
  test.each(answers)('%s', async (_title, behaviour, result) => {
    textbee.behave(behaviour)
    expect(await sender({ timeoutSeconds: 0.3 }).send(message)).toEqual(result)
    expect(textbee.requests).toHaveLength(1)
  })

  test.each([301, 302, 303, 307, 308])('%i is not followed and is a fault', async (status) => {
    const elsewhere = await startTextbee()
    try {
      const location = `${elsewhere.baseUrl}/gateway/devices/${standInDevice}/send-sms`
      textbee.behave(raw(status, '', { location }))
      expect(await sender().send(message)).toEqual(fault(/redirects/))
      expect(elsewhere.requests).toEqual([])
    } finally {
      await elsewhere.close()
    }
  })

  test('a redirect that fetch hides is a fault too', async () => {
    const hidden = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' })
    const answer = await sender({ fetch: () => Promise.resolve(hidden) }).send(message)
    expect(answer).toEqual(fault(/redirects/))
  })

  test('for a wrong key is a fault', async () => {
    expect(await sender({ apiKey: 'wrong' }).send(message)).toEqual(fault(/apiKey or deviceId/))
  })

  test('from a closed port means retry later, because nothing was sent', async () => {
    const baseUrl = textbee.baseUrl
    await textbee.close()
    expect(await sender({ baseUrl }).send(message)).toEqual(unavailable)
    textbee = await startTextbee()
  })

  test('from a broken handshake means possibly sent', async () => {
    const broken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(broken, 'listening')
    const address = broken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const baseUrl = `https://127.0.0.1:${port}/api/v1`
    expect(await sender({ baseUrl }).send(message)).toEqual(maybe)
    broken.close()
  })

  test.each([
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, fault(/certificate/)],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, unavailable],
    [{ code: 'UND_ERR_CONNECT_TIMEOUT' }, unavailable],
    [{ code: 'EHOSTUNREACH', syscall: 'connect' }, unavailable],
    [{ code: 'EHOSTUNREACH', syscall: 'read' }, maybe],
    [
      { errors: [{ code: 'ECONNREFUSED' }, { code: 'ENETUNREACH', syscall: 'connect' }] },
      unavailable,
    ],
    [{ errors: [{ code: 'ECONNREFUSED' }, { code: 'ECONNRESET' }] }, maybe],
    [undefined, maybe],
  ])(
    'as a network error %j is classified by what was certainly not sent',
    async (cause, result) => {
      const error = new TypeError('fetch failed', { cause })
      expect(await sender({ fetch: () => Promise.reject(error) }).send(message)).toEqual(result)
    },
  )

  test('from a fetch that throws at once means possibly sent', async () => {
    const answer = await sender({
      fetch() {
        throw new Error(`cannot send ${text}`)
      },
    }).send(message)
    expect(answer).toEqual(maybe)
  })
})

describe('the options', () => {
  test.each([
    [{ apiKey: '' }, /apiKey/],
    [{ apiKey: `${standInKey}\n` }, /apiKey/],
    [{ deviceId: '' }, /deviceId/],
    [{ deviceId: '..' }, /deviceId/],
    [{ baseUrl: 'sms.example.com' }, /baseUrl/],
    [{ baseUrl: 'http://sms.example.com/api/v1' }, /https/],
    [{ baseUrl: 'http://127.0.0.1.example.com/api/v1' }, /https/],
    [{ baseUrl: 'ftp://127.0.0.1/api/v1' }, /https/],
    [{ baseUrl: 'https://user:secret@sms.example.com/api/v1' }, /user/],
    [{ baseUrl: 'https://sms.example.com/api/v1?apiKey=secret' }, /query/],
    [{ simSubscriptionId: 1.5 }, /simSubscriptionId/],
    [{ timeoutSeconds: 0 }, /timeoutSeconds/],
    [{ timeoutSeconds: Number.NaN }, /timeoutSeconds/],
    [{ timeoutSeconds: 15 }, /timeoutSeconds/],
    [{ apikey: standInKey }, /apikey is not an option.*apiKey/],
  ])('%j throws and names the option', (wrong: object, words) => {
    expect(() => sender(wrong)).toThrow(ConfigurationError)
    expect(() => sender(wrong)).toThrow(words)
    expect(() => sender(wrong)).not.toThrow(/secret|3f0c6a1e/)
  })

  test.each([
    'http://localhost:3001/api/v1',
    'http://[::1]:3001/api/v1',
    'https://10.0.0.1/api/v1',
  ])('accepts %s as a base URL', (baseUrl) => {
    expect(sender({ baseUrl }).channel).toBe('sms')
  })
})

describe('secrets', () => {
  test('are in no result, printed sender or output, whatever TextBee echoes', async () => {
    const written: string[] = []
    const keep = (chunk: string | Uint8Array) => written.push(String(chunk)) > 0
    const streams = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation(keep),
    )
    const everything = `${standInKey} ${code} ${to} ${text}`
    const echo = { error: everything, message: everything, additionalInfo: { everything } }
    const data = { success: true, smsBatchId: everything, message: everything }
    const repeats = [
      ...[400, 401, 404, 429, 500, 503].map((status) => json(status, echo)),
      json(201, { data }),
      json(201, echo),
      raw(302, everything, { location: `http://127.0.0.1:1/${standInKey}/${code}` }),
      reset,
    ]
    const printed: string[] = []
    try {
      for (const behaviour of repeats) {
        textbee.behave(behaviour)
        const result = await sender().send(message)
        printed.push(inspect(result, { depth: null, showHidden: true }), JSON.stringify(result))
      }
    } finally {
      for (const stream of streams) stream.mockRestore()
    }
    printed.push(inspect(sender(), { depth: null, showHidden: true }), JSON.stringify(sender()))
    expect(printed).toHaveLength(2 * repeats.length + 2)
    for (const secret of [standInKey, code, to.slice(1), standInDevice]) {
      expect([...printed, ...written].join('\n')).not.toContain(secret)
    }
  })
})
