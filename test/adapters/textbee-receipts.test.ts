/** TextBee's webhooks: only genuine signatures are accepted, and the code in a webhook goes nowhere. */

import { describe, expect, test } from 'vitest'

import { textbeeReceipts } from '../../src/adapters/textbee/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import type { ReceiptReading, ReceiptRequest } from '../../src/index.js'
import { shown } from '../support/output-capture.js'
import { textbeeBody, textbeeSecret, textbeeSignature } from '../support/receipts.js'

const source = textbeeReceipts({ secret: textbeeSecret })
const forged: ReceiptReading = { status: 'forged' }

/** A request that TextBee signed. */
function signed(body: string): ReceiptRequest {
  const headers = { 'x-signature': textbeeSignature(textbeeSecret, body) }
  return { url: '/receipts/textbee', headers, body: Buffer.from(body) }
}

async function reportsOf(parts: Record<string, unknown>): Promise<unknown> {
  const reading = await source.read(signed(textbeeBody(parts)))
  return reading.status === 'genuine' ? reading.reports : reading
}

describe('a webhook signed by TextBee', () => {
  test('is accepted at any URL, and nothing of the message is kept', async () => {
    const reading = await source.read({ ...signed(textbeeBody()), url: '/elsewhere' })
    expect(reading).toEqual({
      status: 'genuine',
      reports: [{ ref: 'SM1', to: '+237671234567', status: 'sent' }],
    } satisfies ReceiptReading)
    expect(shown(reading)).not.toContain('804213')
  })

  test('is accepted with its signature in upper or lower case', async () => {
    const request = signed(textbeeBody())
    const headers = { 'x-signature': String(request.headers['x-signature']).toUpperCase() }
    expect((await source.read({ ...request, headers })).status).toBe('genuine')
  })

  test('is verified by its bytes, not by its parsed content', async () => {
    const { headers } = signed(textbeeBody())
    const spaced = JSON.stringify(JSON.parse(textbeeBody()), null, 1)
    expect(await source.read({ url: '/', headers, body: Buffer.from(spaced) })).toEqual(forged)
    expect((await source.read(signed(spaced))).status).toBe('genuine')
  })
})

describe('a webhook not signed by TextBee', () => {
  const right = signed(textbeeBody())
  const signature = String(right.headers['x-signature'])

  test.each<[string, ReceiptRequest['headers']]>([
    ['no signature', {}],
    ['an empty one', { 'x-signature': '' }],
    ['one a byte short', { 'x-signature': signature.slice(2) }],
    ['half a byte short', { 'x-signature': signature.slice(1) }],
    ['one a byte long', { 'x-signature': `${signature}00` }],
    ['one that is no hexadecimal', { 'x-signature': 'z'.repeat(64) }],
    ['one with a line break', { 'x-signature': `${signature}\n` }],
    ['two', { 'x-signature': `${signature}, ${signature}` }],
    ['several headers', { 'x-signature': [signature] }],
    ['one in base64', { 'x-signature': Buffer.from(signature, 'hex').toString('base64') }],
    [
      'one by another secret',
      { 'x-signature': textbeeSignature(`${textbeeSecret}!`, textbeeBody()) },
    ],
  ])('is forged: %s', async (_what, headers) => {
    expect(await source.read({ ...right, headers })).toEqual(forged)
  })

  test.each([
    ['with another event', textbeeBody({ webhookEvent: 'MESSAGE_DELIVERED' })],
    ['with a byte more', `${textbeeBody()} `],
    ['with a byte less', textbeeBody().slice(0, -1)],
    ['that is empty', ''],
  ])('is forged whatever else is right: a body %s', async (_what, body) => {
    expect(await source.read({ ...right, body: Buffer.from(body) })).toEqual(forged)
  })
})

describe('an event', () => {
  test.each([
    ['MESSAGE_SENT', 'sent'],
    ['MESSAGE_DELIVERED', 'delivered'],
    ['MESSAGE_FAILED', 'failed'],
  ])('%s is %s, whatever `status` says', async (webhookEvent, status) => {
    const told = [{ ref: 'SM1', to: '+237671234567', status }]
    expect(await reportsOf({ webhookEvent, status: 'pending' })).toEqual(told)
  })

  test.each(['UNKNOWN_STATE', 'MESSAGE_RECEIVED', 'SMS_STATUS_UPDATED', 'toString', null, 7])(
    '%j is ignored, because the message may have arrived',
    async (webhookEvent) => {
      expect(await reportsOf({ webhookEvent, status: 'delivery_failed' })).toEqual([])
    },
  )

  test('of a failure passes on its error code but never its text', async () => {
    const failure = { webhookEvent: 'MESSAGE_FAILED', errorMessage: 'cannot send 804213' }
    const told = { ref: 'SM1', to: '+237671234567', status: 'failed' }
    expect(await reportsOf({ ...failure, errorCode: '1' })).toEqual([{ ...told, vendorCode: '1' }])
    for (const errorCode of ['', 'code 804213', '1234567', 4, null]) {
      expect(await reportsOf({ ...failure, errorCode })).toEqual([told])
    }
  })

  test.each([
    { smsBatchId: undefined },
    { smsBatchId: 7 },
    { recipient: null },
    { recipient: ['+1'] },
  ])('about a message that is not ours is ignored: %j', async (parts) => {
    expect(await reportsOf(parts)).toEqual([])
  })

  test.each(['', 'null', '7', '[]', '"MESSAGE_SENT"', '{"webhookEvent":', '\u0000'])(
    'that is not a valid event is ignored: %j',
    async (body) => {
      expect(await source.read(signed(body))).toEqual({ status: 'genuine', reports: [] })
    },
  )
})

describe('the options', () => {
  test.each<[object, RegExp]>([
    [{ secret: undefined }, /^textbeeReceipts: secret must be/],
    [{ secret: 'nineteen characters' }, /^textbeeReceipts: secret must be.*20/],
    [{ secret: Buffer.from(textbeeSecret) }, /^textbeeReceipts: secret must be/],
    [{ apiKey: 'x' }, /^textbeeReceipts: apiKey is not an option; the options are secret$/],
  ])('%j throw and name the option', (wrong, words) => {
    const options = { secret: textbeeSecret, ...wrong }
    expect(() => textbeeReceipts(options)).toThrow(ConfigurationError)
    expect(() => textbeeReceipts(options)).toThrow(words)
    expect(() => textbeeReceipts(options)).not.toThrow(/nineteen/)
  })
})
