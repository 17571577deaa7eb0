/** The guard that asks Twilio for the line type of a new phone. */

import { expect, test } from 'vitest'

import { twilioLookup, type TwilioHttpRequest } from '../../src/adapters/twilio/index.js'
import { ConfigurationError } from '../../src/core/errors.js'
import type { SendAttempt } from '../../src/factors/phone/ports/send-guard.js'
import { cameroon } from '../support/phones.js'

const accountSid = `AC${'0'.repeat(32)}`
const authToken = 'a token of the tests'.replaceAll(' ', '-')

const attempt: SendAttempt = {
  ...{ to: cameroon, country: 'CM', prefix: '+23767123', channel: 'sms', purpose: 'enrolment' },
  ...{ resent: false, phoneClass: 'new', isFirstInDay: true, subject: '1', clientIp: null },
  findings: [],
}

/** A guard whose HTTP client answers this, and what it was asked. */
function guardThat(status: number, body: object, options: object = {}) {
  const requests: TwilioHttpRequest[] = []
  const httpClient = {
    request(request: TwilioHttpRequest) {
      requests.push(request)
      return Promise.resolve({ statusCode: status, body, headers: {} })
    },
  }
  return { guard: twilioLookup({ accountSid, authToken, httpClient, ...options }), requests }
}

const line = (type: string | null) => ({
  phone_number: cameroon,
  line_type_intelligence: { type, error_code: type === null ? 60601 : null },
})

test('asks the real SDK for the phone’s line type, and refuses the listed ones', async () => {
  const { guard, requests } = guardThat(200, line('nonFixedVoip'))
  expect(await guard.check(attempt)).toEqual({ verdict: 'refuse', reason: 'destination_blocked' })
  const { uri, method } = requests[0] ?? { uri: '', method: '' }
  expect([method, new URL(uri).host, decodeURIComponent(new URL(uri).pathname)]).toEqual([
    'get',
    'lookups.twilio.com',
    `/v2/PhoneNumbers/${cameroon}`,
  ])
})

test.each([['mobile'], ['fixedVoip'], [null]])('a line of type %j is sent a code', async (type) => {
  const { guard } = guardThat(200, line(type))
  expect(await guard.check(attempt)).toEqual({ verdict: 'allow' })
})

test('the refused line types can be configured', async () => {
  const { guard } = guardThat(200, line('mobile'), { refuse: ['mobile'] })
  expect((await guard.check(attempt)).verdict).toBe('refuse')
})

test.each([
  ['a phone that the application knows', { phoneClass: 'known' }],
  ['a phone that the application states', { phoneClass: 'stated' }],
  ['a phone that was sent a message today', { isFirstInDay: false }],
] as const)('no lookup is made for %s', async (_what, parts) => {
  const { guard, requests } = guardThat(200, line('landline'))
  expect(await guard.check({ ...attempt, ...parts })).toEqual({ verdict: 'allow' })
  expect(requests).toEqual([])
})

test.each([
  [401, 20003],
  [403, 20005],
])(
  'a %i from Twilio is reported to operators by its code %i and without its text',
  async (status, code) => {
    const { guard } = guardThat(status, { code, message: authToken })
    const error = await guard.check(attempt).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ConfigurationError)
    expect(String(error)).toContain(`twilioLookup: twilio ${code}; check `)
    expect(String(error)).not.toContain(authToken)
  },
)

test.each([
  [404, 20404],
  [429, 20429],
  [503, null],
])('a %i from Twilio is not reported to operators', async (status, code) => {
  const { guard } = guardThat(status, { code, message: authToken })
  await expect(guard.check(attempt)).rejects.not.toBeInstanceOf(ConfigurationError)
})

test('a Twilio fault is a guard fault that quotes nothing from Twilio', async () => {
  const { guard } = guardThat(503, { code: 20503, message: authToken })
  const error = await guard.check(attempt).catch((thrown: unknown) => thrown)
  expect(String(error)).toBe('Error: twilio did not report the line type')
})

test.each([
  ['refuse', { refuse: ['cellular'] }],
  ['timeoutSeconds', { timeoutSeconds: 4 }],
  ['refuse_', { refuse_: [] }],
])('a wrong %s is refused at construction', (_option, options) => {
  expect(() => guardThat(200, {}, options)).toThrow(ConfigurationError)
})
