/** Responses of `receiptsRouter()` to vendors, and the news of the message that a person then sees. */

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

import express, { type Express } from 'express'
import { afterEach, describe, expect, test } from 'vitest'

import { textbeeReceipts } from '../../src/adapters/textbee/index.js'
import { ConfigurationError, type ReceiptSource } from '../../src/index.js'
import { Browser } from '../support/browser.js'
import { faultyStore } from '../support/faulty-store.js'
import { rawRequest } from '../support/raw-request.js'
import {
  startReceiptsApp,
  textbeeBody,
  textbeeSecret,
  textbeeSignature,
  type ReceiptsApp,
  type ReceiptsAppOptions,
} from '../support/receipts.js'

let app: ReceiptsApp
const open = async (options: ReceiptsAppOptions = {}) => (app = await startReceiptsApp(options))
afterEach(() => app.close())

/** The delivery status of the session's message. */
async function deliveryOf(browser: Browser): Promise<unknown> {
  const { challenge } = (await browser.get('/second-factor/')).json
  const { delivery, deliveryReason } = challenge as Record<string, unknown>
  return deliveryReason === undefined ? delivery : { delivery, deliveryReason }
}

const reported = () => app.events.filter(({ type }) => type === 'delivery_reported')
const alertOf = (text: string) =>
  /<p class="alert" role="alert" id="delivery">([^<]*)<\/p>/.exec(text)?.[1]

describe('the status of a session', () => {
  test('follows its message from accepted to delivered as Twilio reports it', async () => {
    await open()
    const alice = await app.login('alice')
    expect(await deliveryOf(alice)).toBe('accepted')
    for (const [reported, shown] of [
      ['queued', 'accepted'],
      ['sent', 'sent'],
      ['sending', 'sent'],
      ['delivered', 'delivered'],
      ['undelivered', 'delivered'],
      ['delivered', 'delivered'],
    ] as const) {
      expect((await app.twilio({ MessageStatus: reported })).status).toBe(200)
      expect(await deliveryOf(alice)).toBe(shown)
    }
    expect(reported().map((event) => ({ ...event }))).toMatchObject([
      { source: 'twilio', subject: '1', delivery: 'sent', matched: true },
      { source: 'twilio', subject: '1', delivery: 'delivered', matched: true },
    ])
  })

  test('follows it as TextBee reports it, and ignores reports on another message', async () => {
    await open()
    const alice = await app.login('alice')
    const bob = await app.login('bob')
    const bobs = { smsBatchId: 'SM2', recipient: '+919876543210' }
    expect((await app.textbee({ webhookEvent: 'MESSAGE_SENT' })).status).toBe(200)
    await app.textbee({ ...bobs, webhookEvent: 'MESSAGE_FAILED', errorCode: '4' })
    expect(await deliveryOf(alice)).toBe('sent')
    expect(await deliveryOf(bob)).toEqual({ delivery: 'failed', deliveryReason: 'not_delivered' })
  })

  test('starts over with the next message, which only the person can request', async () => {
    await open()
    const alice = await app.login('alice')
    await app.twilio({ MessageStatus: 'failed', ErrorCode: '30003' })
    expect(app.inbox.inbox()).toHaveLength(1)
    app.clock.advance(30)
    const again = await alice.post('/second-factor/challenge')
    expect(again.json).toMatchObject({ delivery: 'accepted' })
    expect(again.json).not.toHaveProperty('deliveryReason')
    await app.twilio({ MessageSid: 'SM2', MessageStatus: 'delivered' })
    expect(await deliveryOf(alice)).toBe('delivered')
  })
})

describe('the page', () => {
  test.each([
    ['30003', 'Your message hasn’t reached your phone. Make sure it’s on'],
    ['30006', 'because this number can’t receive it. Contact support.'],
    ['30004', 'Your carrier blocked the message. Contact support.'],
    ['30007', 'Your message didn’t arrive. Request the code again.'],
  ])('explains a failure by %s and keeps the code form', async (ErrorCode, sentence) => {
    await open()
    const alice = await app.login('alice')
    await app.twilio({ MessageStatus: 'undelivered', ErrorCode })
    const { text } = await alice.page('/second-factor/')
    expect(alertOf(text)).toContain(sentence)
    expect(text).toContain('autocomplete="one-time-code"')
    expect(text).toContain('aria-describedby="delivery hint"')
    expect(text).not.toContain(ErrorCode)
  })

  test('says nothing about a message that is on its way or delivered', async () => {
    await open()
    const alice = await app.login('alice')
    for (const MessageStatus of ['queued', 'sent', 'delivered']) {
      await app.twilio({ MessageStatus })
      expect(alertOf((await alice.page('/second-factor/')).text)).toBeUndefined()
    }
  })
})

describe('a vendor’s request', () => {
  test('gets only a status: no body, no cookie, nothing to cache', async () => {
    await open()
    const answers = [
      await app.twilio(),
      await app.twilio({}, { 'x-twilio-signature': 'x' }),
      await app.browser().get('/receipts/twilio'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 405])
    for (const { text, headers } of answers) {
      expect(text).toBe('')
      expect(headers.get('set-cookie')).toBeNull()
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })

  test('needs neither a session nor Passport, and is not subject to the origin check', async () => {
    await open()
    const bare = express()
    bare.use('/receipts', app.secondFactor.receiptsRouter())
    const server = createServer(bare)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const alice = await app.login('alice')
      const body = textbeeBody({ webhookEvent: 'MESSAGE_DELIVERED' })
      const sent = await new Browser(`http://127.0.0.1:${port}`).ask('/receipts/textbee', {
        method: 'POST',
        headers: {
          'x-signature': textbeeSignature(textbeeSecret, body),
          origin: 'https://evil.example',
          'sec-fetch-site': 'cross-site',
        },
        body,
      })
      expect(sent.status).toBe(200)
      expect(await deliveryOf(alice)).toBe('delivered')
    } finally {
      server.close()
    }
  })

  test('about an unknown message is accepted, because the vendor would otherwise repeat it', async () => {
    await open()
    expect((await app.twilio({ MessageSid: 'SM404', MessageStatus: 'failed' })).status).toBe(200)
    expect((await app.textbee({ smsBatchId: 'elsewhere' })).status).toBe(200)
    expect((await app.textbee({ recipient: 'nobody' })).status).toBe(200)
    expect((await app.textbee({ webhookEvent: 'MESSAGE_RECEIVED' })).status).toBe(200)
    expect(reported().map((event) => ({ ...event }))).toMatchObject([
      { source: 'twilio', matched: false, destination: '••••67' },
      { source: 'textbee', matched: false, destination: '••••67' },
      { source: 'textbee', matched: false, destination: '••••dy' },
    ])
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('by %s gets 405', async (method) => {
    await open()
    const answer = await rawRequest(app.url, { method, path: '/receipts/textbee' })
    expect(answer.status).toBe(405)
    expect(answer.headers.allow).toBe('POST')
  })

  test('for a vendor that is not configured is left to the application', async () => {
    await open({ receipts: [textbeeReceipts({ secret: textbeeSecret })] })
    expect((await app.twilio()).status).not.toBe(200)
    expect((await app.send('/receipts/', '', {})).status).not.toBe(200)
  })

  test('of 64 KiB is read and one of a byte more is not, with or without a content length', async () => {
    await open()
    const alice = await app.login('alice')
    const padded = (bytes: number) => {
      const body = textbeeBody()
      return body + ' '.repeat(bytes - body.length)
    }
    const post = (body: string, chunked: boolean) => {
      const headers = { 'x-signature': textbeeSignature(textbeeSecret, body) }
      const bytes = new TextEncoder().encode(body)
      const stream = new ReadableStream({
        start(controller) {
          controller.enqueue(bytes)
          controller.close()
        },
      })
      return app
        .browser()
        .ask('/receipts/textbee', { method: 'POST', headers, body: chunked ? stream : bytes })
    }
    for (const chunked of [false, true]) {
      expect((await post(padded(65_537), chunked)).status).toBe(413)
    }
    expect(await deliveryOf(alice)).toBe('accepted')
    for (const chunked of [false, true]) {
      expect((await post(padded(65_536), chunked)).status).toBe(200)
    }
    expect(await deliveryOf(alice)).toBe('sent')
  })

  test('is not decompressed', async () => {
    await open()
    const body = textbeeBody()
    const answer = await app.browser().ask('/receipts/textbee', {
      method: 'POST',
      headers: {
        'content-encoding': 'gzip',
        'x-signature': textbeeSignature(textbeeSecret, body),
      },
      body: new Uint8Array(gzipSync(body)),
    })
    expect(answer.status).toBe(415)
    expect(reported()).toEqual([])
  })

  test.each(['read', 'compareAndSwap'] as const)(
    'is to be retried if the store fails, in %s, and counts then',
    async (verb) => {
      const store = faultyStore()
      await open({ store })
      const alice = await app.login('alice')
      store.faults = { [verb]: 'refuses' }
      const failed = await app.twilio({ MessageStatus: 'delivered' })
      expect(failed.status).toBe(503)
      expect(failed.headers.get('retry-after')).toBe('5')
      expect(failed.text).toBe('')
      expect(reported()).toEqual([])
      store.faults = {}
      expect((await app.twilio({ MessageStatus: 'delivered' })).status).toBe(200)
      expect(await deliveryOf(alice)).toBe('delivered')
    },
  )

  test('is to be retried if the application’s user callbacks fail', async () => {
    await open({ users: { findByPhone: () => Promise.reject(new Error('down')) } })
    await app.login('alice')
    expect((await app.twilio()).status).toBe(503)
    expect(reported()).toEqual([])
  })
})

describe('an application that mounts it', () => {
  const parsers: [string, (server: Express) => void][] = [
    ['express.json()', (server) => server.use(express.json())],
    ['express.text()', (server) => server.use(express.text({ type: () => true }))],
    [
      'a middleware that reads the stream',
      (server) =>
        server.use((req, _res, next) => {
          req.on('end', next).resume()
        }),
    ],
  ]
  test.each(parsers)(
    'behind %s gets an error that says to mount the router first',
    async (_what, before) => {
      await open({ before })
      expect((await app.textbee()).status).toBe(500)
      expect(app.faults).toEqual([expect.any(ConfigurationError)])
      expect(String(app.faults[0])).toContain('mount it before express.json()')
      expect(reported()).toEqual([])
    },
  )

  test('can mount it behind express.raw(), which keeps the bytes', async () => {
    await open({ before: (server) => server.use(express.raw({ type: () => true })) })
    expect((await app.textbee()).status).toBe(200)
    expect((await app.textbee({}, { 'x-signature': '0'.repeat(64) })).status).toBe(403)
  })

  test('can mount it behind express.json() for types that it does not parse', async () => {
    await open({ before: (server) => server.use(express.json()) })
    expect((await app.twilio()).status).toBe(200)
  })

  test('can give a source of its own, whose faults are reported', async () => {
    const heard: unknown[] = []
    const source: ReceiptSource = {
      name: 'pigeon-2',
      read(request) {
        heard.push({ url: request.url, loft: request.headers['x-loft'], body: request.body })
        return request.headers['x-loft'] === undefined
          ? Promise.reject(new Error('lost on the way'))
          : Promise.resolve({
              status: 'genuine',
              reports: [
                { ref: 'SM1', to: '+237671234567', status: 'sent' },
                { ref: 'SM2', to: '+919876543210', status: 'failed', reason: 'blocked' },
              ],
            })
      },
    }
    await open({ receipts: [source] })
    const [alice, bob] = [await app.login('alice'), await app.login('bob')]
    expect((await app.send('/receipts/pigeon-2?a=1', 'coo', { 'x-loft': 'east' })).status).toBe(200)
    expect(await deliveryOf(alice)).toBe('sent')
    expect(await deliveryOf(bob)).toEqual({ delivery: 'failed', deliveryReason: 'blocked' })
    expect(heard).toEqual([
      { url: '/receipts/pigeon-2?a=1', loft: 'east', body: Buffer.from('coo') },
    ])
    expect((await app.send('/receipts/pigeon-2', '', {})).status).toBe(500)
    expect(String(app.faults[0])).toContain('lost on the way')
  })
})
