/** The Verify verifier, on the real SDK, against a stand-in of Twilio. */

import { createHmac } from 'node:crypto'

import twilio from 'twilio'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { twilioVerify, type TwilioVerifyOptions } from '../../src/adapters/twilio/index.js'
import { Sensitive } from '../../src/core/sensitive.js'
import type {
  HostedCheckResult,
  HostedStart,
  HostedVerifier,
} from '../../src/factors/phone/ports/hosted-verifier.js'
import { twilioError } from '../support/twilio-stand-in-answers.js'
import {
  startTwilioStandIn,
  type StandInFault,
  type TwilioStandIn,
} from '../support/twilio-stand-in.js'

let now = Date.parse('2026-01-01T00:00:00.000Z')
let standIn: TwilioStandIn
let number = 0
let to = ''
beforeAll(async () => {
  const rateLimits = { per_user: { limit: 2, intervalSeconds: 60 } }
  standIn = await startTwilioStandIn({ clock: () => now, rateLimits })
})
beforeEach(() => {
  number += 1
  to = `+23767${String(number).padStart(7, '0')}`
})
afterEach(() => {
  expect(standIn.violations).toEqual([])
})
afterAll(() => standIn.close())

function verifier(
  options: Partial<Pick<TwilioVerifyOptions, 'channels' | 'rateLimits' | 'timeoutSeconds'>> = {},
): HostedVerifier {
  const { account, baseUrl, serviceSid } = standIn
  return twilioVerify({ ...account, baseUrl, serviceSid, ...options })
}

const request = (parts: Partial<HostedStart> = {}): HostedStart => ({
  to,
  channel: 'sms',
  locale: null,
  subject: 'user-1',
  clientIp: null,
  ...parts,
})

async function started(): Promise<string> {
  const result = await verifier().start(request())
  if (result.status !== 'started') throw new Error(result.status)
  return result.ref
}

const check = (ref: string, code: string, timeoutSeconds?: number) =>
  verifier({ timeoutSeconds }).check({ ref, to, code: new Sensitive(code) })

const rightCode = (ref: string) => standIn.verifications.find(({ sid }) => sid === ref)?.code ?? ''
const wrongCode = (ref: string) => (rightCode(ref) === '000000' ? '111111' : '000000')

/** Counts the requests that `work` makes. */
async function asked<T>(work: () => Promise<T>): Promise<{ result: T; requests: object[] }> {
  const before = standIn.requests.length
  const result = await work()
  const requests = standIn.requests.slice(before).map(({ parameters }) => parameters)
  return { result, requests }
}

describe('a start', () => {
  test('calls Twilio once, with the number and the channel, and stores the verification id', async () => {
    const { result, requests } = await asked(() => verifier().start(request()))
    expect(result).toEqual({ status: 'started', ref: standIn.verifications.at(-1)?.sid })
    expect(requests).toEqual([{ To: to, Channel: 'sms' }])
  })

  test('repeated resends the same verification', async () => {
    const first = await started()
    expect(await started()).toBe(first)
    expect(standIn.verifications.find(({ sid }) => sid === first)?.sends).toBe(2)
  })

  test('uses call or WhatsApp only if the application allows it', async () => {
    const channels = ['whatsapp', 'call'] as const
    const allowed = verifier({ channels })
    expect(allowed.channels).toEqual(channels)
    const { requests } = await asked(() => allowed.start(request({ channel: 'call' })))
    expect(requests).toEqual([{ To: to, Channel: 'call' }])
    const refused = await asked(() => allowed.start(request({ channel: 'sms' })))
    expect(refused.result.status).toBe('operator_fault')
    expect(refused.requests).toEqual([])
  })

  test.each([
    ['fr-CM', 'fr'],
    ['en-GB', 'en-GB'],
    ['pt-BR', 'pt-BR'],
    ['pt-AO', 'pt'],
    ['zh-TW', 'zh-HK'],
    ['zh-Hans-CN', 'zh-CN'],
    ['no', 'nb'],
    ['fil-PH', 'tl'],
    ['iw', 'he'],
    ['sw', undefined],
    ['not a language', undefined],
    ['', undefined],
  ])('in the language %j requests Twilio’s %j', async (locale, expected) => {
    const { requests } = await asked(() => verifier().start(request({ locale })))
    expect(requests).toEqual([
      { To: to, Channel: 'sms', ...(expected === undefined ? {} : { Locale: expected }) },
    ])
  })

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', undefined],
    ['unknown, 10.0.0.1', undefined],
  ])('from the address %j sends the device IP as %j', async (clientIp, expected) => {
    const { requests } = await asked(() => verifier().start(request({ clientIp })))
    expect(requests).toEqual([
      { To: to, Channel: 'sms', ...(expected === undefined ? {} : { DeviceIp: expected }) },
    ])
  })

  test('is counted by Twilio’s rate limits under a keyed hash of the user', async () => {
    const limited = verifier({ rateLimits: { per_user: 'subject' } })
    const { result, requests } = await asked(() => limited.start(request({ subject: 'alice' })))
    expect(result.status).toBe('started')
    const hash = createHmac('sha256', standIn.account.authToken)
      .update('passport-second-factor rate limit v1\0subject\0alice')
      .digest('hex')
    expect(requests).toEqual([
      { To: to, Channel: 'sms', RateLimits: JSON.stringify({ per_user: hash }) },
    ])
    await limited.start(request({ subject: 'alice' }))
    expect(await limited.start(request({ subject: 'alice' }))).toEqual({
      status: 'rejected',
      reason: 'unavailable',
      retryAfterSeconds: 45,
    })
    expect(await limited.start(request({ subject: 'bob' }))).toMatchObject({ status: 'started' })
  })

  test('without a known address omits the limit by address', async () => {
    const limited = verifier({ rateLimits: { per_ip: 'ip' } })
    const { requests } = await asked(() => limited.start(request()))
    expect(requests).toEqual([{ To: to, Channel: 'sms' }])
  })

  test('has to wait once Twilio’s five sends are used up', async () => {
    for (let sends = 0; sends < 5; sends += 1) await started()
    const { result, requests } = await asked(() => verifier().start(request()))
    expect(result).toEqual({ status: 'rejected', reason: 'send_limit', retryAfterSeconds: 600 })
    expect(requests).toHaveLength(1)
  })

  const rejected = (reason: string) => ({ status: 'rejected', reason })
  const fault = (reason: string) => ({ status: 'operator_fault', reason })
  test.each<[string, StandInFault, object]>([
    [
      '60200 about the number',
      twilioFault(400, 60200, 'Invalid parameter `To`: +1'),
      rejected('destination_invalid'),
    ],
    [
      '60200 about something else',
      twilioFault(400, 60200, 'Invalid parameter `Locale`'),
      fault('twilio 60200'),
    ],
    ['60205', twilioFault(403, 60205), rejected('destination_invalid')],
    ['60410', twilioFault(403, 60410), rejected('destination_blocked')],
    ['60605', twilioFault(403, 60605), rejected('destination_blocked')],
    ['60212', twilioFault(429, 60212), rejected('unavailable')],
    ['60202', twilioFault(429, 60202), { ...rejected('send_limit'), retryAfterSeconds: 600 }],
    [
      '60203 with a wait',
      twilioFault(429, 60203, 'wait', '90'),
      { ...rejected('send_limit'), retryAfterSeconds: 90 },
    ],
    ...[60204, 60207, 60217, 60220, 60223, 60228, 60238].map(
      (code): [string, StandInFault, object] => [
        String(code),
        twilioFault(403, code),
        fault(`twilio ${code}`),
      ],
    ),
    ['20404, a wrong Service', twilioFault(404, 20404), fault('twilio 20404')],
    ['20003', twilioFault(401, 20003), fault('twilio 20003')],
    ['a 500', twilioFault(500, 20500), { status: 'maybe_sent', reason: 'twilio 20500' }],
    ['a reset', { kind: 'reset', accepted: true }, { status: 'maybe_sent' }],
    [
      'a 201 without an id',
      { kind: 'answer', status: 201, body: { status: 'pending' } },
      { status: 'maybe_sent' },
    ],
    [
      'a 201 with a path for an id',
      { kind: 'answer', status: 201, body: { status: 'pending', sid: 'VE/../x' } },
      { status: 'maybe_sent' },
    ],
    [
      'a 201 of an ended verification',
      { kind: 'answer', status: 201, body: { status: 'canceled', sid: `VE${'0'.repeat(32)}` } },
      { status: 'maybe_sent' },
    ],
    ['a 201 cut short', { kind: 'cut', status: 201, accepted: true }, { status: 'maybe_sent' }],
  ])(
    'answered with %s is told for what it is, and not tried again',
    async (_name, answer, expected) => {
      standIn.script(answer)
      const { result, requests } = await asked(() => verifier().start(request()))
      expect(result).toMatchObject(expected)
      expect(requests).toHaveLength(1)
    },
  )
})

describe('a check', () => {
  test('approves the right code by the verification id', async () => {
    const ref = await started()
    const code = rightCode(ref)
    const { result, requests } = await asked(() => check(ref, code))
    expect(result).toEqual({ status: 'approved' })
    expect(requests).toEqual([{ Code: code, VerificationSid: ref }])
  })

  test('approves one of two right codes at once, and reports the verification as ended to the other', async () => {
    const ref = await started()
    const code = rightCode(ref)
    const results = await Promise.all([check(ref, code), check(ref, code)])
    expect(results.map(({ status }) => status).sort()).toEqual(['approved', 'ended'])
  })

  test('reports a wrong code as wrong, and after five the verification as ended', async () => {
    const ref = await started()
    for (let wrong = 0; wrong < 5; wrong += 1) {
      expect(await check(ref, wrongCode(ref))).toEqual({ status: 'incorrect' })
    }
    expect(await check(ref, rightCode(ref))).toEqual({ status: 'ended' })
  })

  test('reports a verification as ended after ten minutes', async () => {
    const ref = await started()
    now += 600_000
    expect(await check(ref, rightCode(ref))).toEqual({ status: 'ended' })
  })

  test.each(['123', '12345678901', '12345a', '', '１２３４５６'])(
    'of %j, which cannot be a code, makes no call',
    async (code) => {
      const ref = await started()
      const { result, requests } = await asked(() => check(ref, code))
      expect(result).toEqual({ status: 'incorrect' })
      expect(requests).toEqual([])
    },
  )

  const other = `VE${'0'.repeat(32)}`
  const otherService = `VA${'0'.repeat(32)}`
  const ours = () => ({ service_sid: standIn.serviceSid })
  test.each<[string, (ref: string) => object]>([
    ['another verification', () => ({ ...ours(), to, status: 'approved', sid: other })],
    ['another number', (ref) => ({ ...ours(), sid: ref, to: '+15550006789', status: 'approved' })],
    ['another Service', (ref) => ({ service_sid: otherService, sid: ref, to, status: 'approved' })],
    ['no verification', () => ({ ...ours(), to, status: 'approved' })],
    ['no number', (ref) => ({ ...ours(), sid: ref, status: 'approved' })],
    ['no Service', (ref) => ({ sid: ref, to, status: 'approved' })],
  ])('never passes for an approval of %s', async (_name, body) => {
    const ref = await started()
    standIn.script({ kind: 'answer', status: 200, body: body(ref) })
    expect(await check(ref, rightCode(ref))).toEqual({ status: 'unavailable', judged: 'maybe' })
  })

  const no = { status: 'unavailable', judged: 'no' } as const
  const maybe = { status: 'unavailable', judged: 'maybe' } as const
  const fault = (reason: string) => ({ status: 'operator_fault', reason }) as const
  const body = (status: string): StandInFault => ({
    kind: 'answer',
    status: 200,
    body: { status, valid: true },
  })
  test.each<[string, StandInFault, HostedCheckResult]>([
    ['pending, whatever else it says', body('pending'), { status: 'incorrect' }],
    ...['canceled', 'max_attempts_reached', 'deleted', 'failed', 'expired'].map(
      (status): [string, StandInFault, HostedCheckResult] => [
        status,
        body(status),
        { status: 'ended' },
      ],
    ),
    ['a status nobody knows', body('splendid'), maybe],
    ['20404', twilioFault(404, 20404), { status: 'ended' }],
    ['60202', twilioFault(429, 60202), { status: 'ended' }],
    ['60203, which others take for 60202', twilioFault(429, 60203), { status: 'ended' }],
    ['60212', twilioFault(429, 60212), no],
    ['20429 with a wait', twilioFault(429, 20429, 'busy', '30'), { ...no, retryAfterSeconds: 30 }],
    ['60200', twilioFault(400, 60200, 'Invalid parameter `Code`'), fault('twilio 60200')],
    ['20003', twilioFault(401, 20003), fault('twilio 20003')],
    [
      'a page of a proxy',
      { kind: 'answer', status: 403, body: '<html>' },
      fault('twilio http 403'),
    ],
    [
      'a redirect',
      { kind: 'answer', status: 307, headers: { Location: 'http://127.0.0.1:9/' } },
      fault('twilio http 307'),
    ],
    ['a 500', twilioFault(500, 20500), maybe],
    ['a 503', twilioFault(503, 20503), maybe],
    ['a 502 with a page', { kind: 'answer', status: 502, body: '<html>' }, maybe],
    ['a 200 with half a JSON', { kind: 'answer', status: 200, body: '{"status":"appro' }, maybe],
    ['a 200 with nothing', { kind: 'answer', status: 200 }, maybe],
    ['a 200 cut short', { kind: 'cut', status: 200 }, maybe],
    ['a reset', { kind: 'reset' }, maybe],
  ])(
    'answered with %s is told for what it is, and not asked again',
    async (_name, answer, expected) => {
      const ref = await started()
      standIn.script(answer)
      const { result, requests } = await asked(() => check(ref, rightCode(ref)))
      expect(result).toEqual(expected)
      expect(requests).toHaveLength(1)
    },
  )

  test.each<StandInFault>([{ kind: 'hang' }, { kind: 'drip' }])(
    'that meets a $kind may have been judged',
    async (answer) => {
      const ref = await started()
      standIn.script({ ...answer, accepted: true })
      expect(await check(ref, rightCode(ref), 0.3)).toEqual(maybe)
      expect(await check(ref, rightCode(ref))).toEqual({ status: 'ended' })
    },
  )

  test('that never connected was certainly not judged', async () => {
    const gone = await startTwilioStandIn()
    await gone.close()
    const { account, baseUrl, serviceSid } = gone
    const unreachable = twilioVerify({ ...account, baseUrl, serviceSid })
    const result = await unreachable.check({ ref: other, to, code: new Sensitive('123456') })
    expect(result).toEqual(no)
  })
})

describe('a cancel', () => {
  test('ends the verification, and its code no longer passes', async () => {
    const ref = await started()
    const { requests } = await asked(() => verifier().cancel(ref))
    expect(requests).toEqual([{ Status: 'canceled' }])
    expect(await check(ref, rightCode(ref))).toEqual({ status: 'ended' })
  })

  test.each<StandInFault>([
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'answer', status: 200, body: 'no JSON' },
    twilioFault(404, 20404),
    twilioFault(500, 20500),
  ])(
    'does not reject where Twilio fails with a $kind $status, and is not tried again',
    async (answer) => {
      const ref = await started()
      standIn.script(answer)
      const { requests } = await asked(() => verifier({ timeoutSeconds: 0.3 }).cancel(ref))
      expect(requests).toHaveLength(1)
    },
  )

  test.each(['', '../Services', `MG${'0'.repeat(32)}`])(
    'of %j, which is not a verification id, makes no call',
    async (ref) => {
      const { requests } = await asked(() => verifier().cancel(ref))
      expect(requests).toEqual([])
    },
  )
})

test('works through the application’s client, and hashes with the Service’s id', async () => {
  const { account, serviceSid } = standIn
  const seen: object[] = []
  const options: object = {
    httpClient: {
      request(sent: { data: object }) {
        seen.push(sent.data)
        const body = { sid: `VE${'1'.repeat(32)}`, to, status: 'pending' }
        return Promise.resolve({ statusCode: 201, body, headers: {} })
      },
    },
  }
  const client = twilio(account.accountSid, account.authToken, options)
  const rateLimits = { per_ip: 'ip' } as const
  const hosted = twilioVerify({ client, serviceSid, rateLimits })
  await hosted.start(request({ clientIp: '203.0.113.7' }))
  const hash = createHmac('sha256', serviceSid)
    .update('passport-second-factor rate limit v1\0ip\x00203.0.113.7')
    .digest('hex')
  expect(seen).toEqual([
    {
      To: to,
      Channel: 'sms',
      RateLimits: JSON.stringify({ per_ip: hash }),
      DeviceIp: '203.0.113.7',
    },
  ])
})

function twilioFault(status: number, code: number, text = 'no', wait?: string): StandInFault {
  const headers = wait === undefined ? {} : { 'Retry-After': wait }
  return { kind: 'answer', ...twilioError(status, code, text, headers) }
}
