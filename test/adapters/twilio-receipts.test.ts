/** Twilio's status callbacks: only genuine signatures are accepted, and how each status is mapped. */

import { beforeEach, describe, expect, test } from 'vitest'

import { twilioReceipts } from '../../src/adapters/twilio/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import type { ReceiptReading, ReceiptRequest, ReceiptSource } from '../../src/index.js'
import {
  formOf,
  publicUrl,
  twilioFields,
  twilioSignature,
  twilioToken,
  type Fields,
} from '../support/receipts.js'

const path = '/receipts/twilio'
const forged: ReceiptReading = { status: 'forged' }

let source: ReceiptSource
beforeEach(() => {
  source = twilioReceipts({ authToken: twilioToken, publicUrl })
})

const bodyOf = (fields: Fields): Uint8Array => Buffer.from(formOf(fields))

/** A request that Twilio signed, and what was changed of it afterwards. */
function signed(fields: Fields, parts: Partial<ReceiptRequest> = {}): ReceiptRequest {
  const signature = twilioSignature(twilioToken, publicUrl + path, fields)
  const headers = { 'x-twilio-signature': signature }
  return { url: path, headers, body: bodyOf(fields), ...parts }
}

/** The reports of a signed request. */
async function reportsOf(parts: Record<string, string>): Promise<unknown> {
  const reading = await source.read(signed(twilioFields(parts)))
  return reading.status === 'genuine' ? reading.reports : reading
}

describe('a callback signed by Twilio', () => {
  test('is accepted', async () => {
    expect(await source.read(signed(twilioFields()))).toEqual({
      status: 'genuine',
      reports: [{ ref: 'SM1', to: '+237671234567', status: 'sent' }],
    } satisfies ReceiptReading)
  })

  test('is accepted only at the exact URL that was called, including its query and a prefix that a proxy strips', async () => {
    source = twilioReceipts({ authToken: twilioToken, publicUrl: `${publicUrl}/api/` })
    const fields = twilioFields()
    const url = "/receipts/twilio?tenant=a%20b&name=it's"
    const right = twilioSignature(twilioToken, `${publicUrl}/api${url}`, fields)
    const request = signed(fields, { url, headers: { 'x-twilio-signature': right } })
    expect((await source.read(request)).status).toBe('genuine')
    for (const other of [`${url}&more=1`, '/receipts/twilio', '/receipts/twilio/']) {
      expect(await source.read({ ...request, url: other })).toEqual(forged)
    }
  })

  test('is accepted with any current token, which allows rotation, and with no other', async () => {
    const other = 'f'.repeat(32)
    for (const authToken of [[other, twilioToken], [twilioToken, other], [twilioToken]]) {
      source = twilioReceipts({ authToken, publicUrl })
      expect((await source.read(signed(twilioFields()))).status).toBe('genuine')
    }
    source = twilioReceipts({ authToken: [other], publicUrl })
    expect(await source.read(signed(twilioFields()))).toEqual(forged)
    for (const authToken of [[], [twilioToken, ''], ['']]) {
      expect(() => twilioReceipts({ authToken, publicUrl })).toThrow(ConfigurationError)
    }
  })

  test('is accepted with new fields, in any order, empty or repeated', async () => {
    const fields: Fields = [
      ['Later', ''],
      ['Name', 'Zoë & Söhne + 1'],
      ...twilioFields(),
      ['__proto__', 'x'],
    ]
    expect((await source.read(signed(fields))).status).toBe('genuine')
    expect((await source.read(signed([...fields].reverse()))).status).toBe('genuine')
    const twice: Fields = [...fields, ['Tag', 'a'], ['Tag', 'b']]
    expect((await source.read(signed(twice))).status).toBe('genuine')
  })
})

describe('a callback not signed by Twilio', () => {
  const right = signed(twilioFields())
  const signature = String(right.headers['x-twilio-signature'])

  test.each<[string, ReceiptRequest['headers']]>([
    ['no signature', {}],
    ['an empty one', { 'x-twilio-signature': '' }],
    ['a shorter one', { 'x-twilio-signature': signature.slice(1) }],
    ['a longer one', { 'x-twilio-signature': `${signature}=` }],
    ['two', { 'x-twilio-signature': `${signature}, ${signature}` }],
    ['several headers', { 'x-twilio-signature': [signature, signature] }],
    ['one in other letters', { 'x-twilio-signature': signature.toLowerCase() }],
    ['TextBee’s header', { 'x-signature': signature }],
    [
      'one by another token',
      { 'x-twilio-signature': twilioSignature('other', publicUrl + path, twilioFields()) },
    ],
    [
      'one for another host',
      {
        'x-twilio-signature': twilioSignature(
          twilioToken,
          `https://evil.example${path}`,
          twilioFields(),
        ),
      },
    ],
  ])('is forged: %s', async (_what, headers) => {
    expect(await source.read({ ...right, headers })).toEqual(forged)
  })

  test.each<[string, Fields]>([
    ['another status', twilioFields({ MessageStatus: 'delivered' })],
    ['another number', twilioFields({ To: '+919876543210' })],
    ['a field more', [...twilioFields(), ['ErrorCode', '30003']]],
    ['a field less', twilioFields().slice(1)],
    ['nothing', []],
  ])('is forged, whatever else is right: %s in the body', async (_what, fields) => {
    expect(await source.read({ ...right, body: bodyOf(fields) })).toEqual(forged)
  })

  test.each([
    ['of bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['of another form', Buffer.from('{"MessageSid":"SM1"}')],
    ['that is empty', Buffer.alloc(0)],
  ])('is forged with a body %s', async (_what, body) => {
    expect(await source.read({ ...right, body })).toEqual(forged)
  })

  test('is forged if the request line has an absolute URL', async () => {
    const url = `https://evil.example${path}`
    const own = twilioSignature(twilioToken, publicUrl + url, twilioFields())
    const request = { ...right, url, headers: { 'x-twilio-signature': own } }
    expect(await source.read(request)).toEqual(forged)
  })

  test('is forged with too many fields, even if signed', async () => {
    const many: Fields = Array.from({ length: 201 }, (_, index) => [`f${index}`, ''])
    expect(await source.read(signed(many))).toEqual(forged)
    expect((await source.read(signed(many.slice(1)))).status).toBe('genuine')
  })
})

describe('a status', () => {
  test.each([
    ['accepted', 'accepted'],
    ['scheduled', 'accepted'],
    ['queued', 'accepted'],
    ['sending', 'accepted'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['partially_delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'failed'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ])('%s is %s', async (MessageStatus, status) => {
    const told = { ref: 'SM1', to: '+237671234567', status }
    expect(await reportsOf({ MessageStatus })).toEqual([told])
  })

  test.each(['', 'receiving', 'received', 'DELIVERED', 'constructor'])(
    '%j is ignored',
    async (MessageStatus) => {
      expect(await reportsOf({ MessageStatus })).toEqual([])
    },
  )

  test.each([
    ['30003', 'unreachable'],
    ['30005', 'number_invalid'],
    ['30006', 'number_invalid'],
    ['30004', 'blocked'],
    ['30450', 'blocked'],
    ['21610', 'blocked'],
    ['30008', undefined],
    ['30036', undefined],
  ])('of a failure by %s yields %s, and operators get the code', async (ErrorCode, reason) => {
    expect(await reportsOf({ MessageStatus: 'undelivered', ErrorCode })).toEqual([
      { ref: 'SM1', to: '+237671234567', status: 'failed', reason, vendorCode: ErrorCode },
    ])
  })

  test.each(['21612', '30007', '30034', '63038'])(
    'of a failure by %s is reported to operators, because messages to other phones fail too',
    async (ErrorCode) => {
      expect(await reportsOf({ MessageStatus: 'undelivered', ErrorCode })).toEqual([
        {
          ref: 'SM1',
          to: '+237671234567',
          status: 'failed',
          vendorCode: ErrorCode,
          isOperatorFault: true,
        },
      ])
    },
  )

  test.each(['', '3000', '300031', 'code 123456', '30003\n'])(
    'of a failure by %j, which is not a Twilio code, passes nothing of it on',
    async (ErrorCode) => {
      expect(await reportsOf({ MessageStatus: 'failed', ErrorCode })).toEqual([
        { ref: 'SM1', to: '+237671234567', status: 'failed' },
      ])
    },
  )

  test('of a WhatsApp message is matched to its number', async () => {
    expect(await reportsOf({ To: 'whatsapp:+237671234567' })).toMatchObject([
      { to: '+237671234567' },
    ])
  })

  test('without a message or a number is ignored', async () => {
    for (const left of ['MessageSid', 'To', 'MessageStatus']) {
      const fields = twilioFields().filter(([name]) => name !== left)
      expect(await source.read(signed(fields))).toEqual({ status: 'genuine', reports: [] })
    }
  })
})

describe('the options', () => {
  test.each<[object, RegExp]>([
    [{ authToken: undefined }, /^twilioReceipts: authToken must be/],
    [{ authToken: 'a token' }, /^twilioReceipts: authToken must be/],
    [{ publicUrl: undefined }, /^twilioReceipts: publicUrl must be an https: URL/],
    [{ publicUrl: 'http://app.example.com' }, /^twilioReceipts: publicUrl must be an https: URL/],
    [{ publicUrl: 'https://user:pw@app.example.com' }, /^twilioReceipts: publicUrl must be/],
    [
      { publicUrl: 'https://app.example.com/?a=b' },
      /^twilioReceipts: publicUrl must have no query/,
    ],
    [{ url: publicUrl }, /^twilioReceipts: url is not an option; the options are authToken/],
  ])('%j throw and name the option', (wrong, words) => {
    const options = { authToken: twilioToken, publicUrl, ...wrong }
    expect(() => twilioReceipts(options)).toThrow(ConfigurationError)
    expect(() => twilioReceipts(options)).toThrow(words)
    expect(() => twilioReceipts(options)).not.toThrow(/a token|user:pw/)
  })
})
