/**
 * Twilio's SDK throws errors that print the credentials and the whole request, including code and number. Whatever
 * goes wrong, none of that may reach a log, a result or an inspection.
 */

import { inspect } from 'node:util'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'

import { twilioSender, twilioVerify } from '../../src/adapters/twilio/index.js'
import { Sensitive } from '../../src/core/sensitive.js'
import type { CodeMessage } from '../../src/factors/phone/ports/code-sender.js'
import { twilioError } from '../support/twilio-stand-in-answers.js'
import {
  startTwilioStandIn,
  type StandInFault,
  type TwilioStandIn,
} from '../support/twilio-stand-in.js'

const code = '491625'
const number = '+237671234567'
const ref = `VE${'5'.repeat(32)}`
const from = '+15550006789'
const talkative = `'To' number ${number} and code ${code}`

let standIn: TwilioStandIn
let printed: string[] = []
const stray = (reason: unknown) => printed.push(`unhandled: ${inspect(reason)}`)

beforeAll(async () => {
  standIn = await startTwilioStandIn()
  process.on('unhandledRejection', stray)
})
beforeEach(() => {
  printed = []
  vi.stubEnv('TWILIO_LOG_LEVEL', 'debug')
  const print = (...parts: unknown[]) => {
    printed.push(parts.map((part) => (typeof part === 'string' ? part : inspect(part))).join(' '))
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir'] as const) {
    vi.spyOn(console, method).mockImplementation(print)
  }
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed.push(String(text))
      return true
    })
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})
afterAll(async () => {
  process.off('unhandledRejection', stray)
  await standIn.close()
})

/** Everything that must not be seen, in every spelling it travels in. */
function secrets(): string[] {
  const { account, key } = standIn
  const basic = (text: string) => Buffer.from(text).toString('base64')
  return [
    ...[code, number, number.slice(1), encodeURIComponent(number)],
    ...[account.authToken, basic(`${account.accountSid}:${account.authToken}`)],
    ...[key.apiKeySecret, basic(`${key.apiKey}:${key.apiKeySecret}`)],
  ]
}

const message = (): CodeMessage => ({
  to: number,
  code: new Sensitive(code),
  text: new Sensitive(`${code} is your code.`),
  expiresAt: new Date(),
  validForSeconds: 300,
  locale: 'fr',
})

function everySpelling(value: unknown): string {
  return [
    inspect(value, { depth: null, showHidden: true, getters: true }),
    JSON.stringify(value),
    String(value),
  ].join('\n')
}

function expectNoSecret(text: string): void {
  for (const secret of secrets()) expect(text).not.toContain(secret)
}

const faults: [string, StandInFault][] = [
  ['a refusal that repeats the number', { kind: 'answer', ...twilioError(400, 21211, talkative) }],
  [
    'a 60200 that repeats it',
    { kind: 'answer', ...twilioError(400, 60200, `Invalid parameter \`To\`: ${number}`) },
  ],
  ['wrong credentials', { kind: 'answer', ...twilioError(401, 20003, 'Authenticate') }],
  ['too many requests', { kind: 'answer', ...twilioError(429, 20429, talkative) }],
  ['a 500', { kind: 'answer', ...twilioError(500, 20500, talkative) }],
  ['a page that repeats the request', { kind: 'answer', status: 502, body: talkative }],
  ['a 2xx that is no JSON', { kind: 'answer', status: 200, body: talkative }],
  [
    'a 2xx with a sid made of the number',
    { kind: 'answer', status: 201, body: { sid: number, status: talkative } },
  ],
  [
    'a code made of the number',
    { kind: 'answer', status: 400, body: { code: Number(number), message: '' } },
  ],
  [
    'an error_code made of it',
    { kind: 'answer', status: 201, body: { sid: 'SM1', error_code: number } },
  ],
  [
    'an RFC 9457 problem',
    {
      kind: 'answer',
      status: 400,
      body: { type: talkative, title: talkative, status: 400, code: 21211, detail: talkative },
    },
  ],
  ['a redirect', { kind: 'answer', status: 307, headers: { Location: 'http://127.0.0.1:9/' } }],
  ['a reset', { kind: 'reset' }],
  ['an answer cut short', { kind: 'cut', status: 201 }],
  ['no answer', { kind: 'hang' }],
  ['an answer that drips in', { kind: 'drip' }],
]

describe.each(faults)('%s', (_name, fault) => {
  test('reveals neither the code, the number nor the credentials', async () => {
    const { account, baseUrl, key, serviceSid } = standIn
    const sender = twilioSender({ ...account, from, baseUrl, timeoutSeconds: 0.25 })
    const verifier = twilioVerify({ ...key, serviceSid, baseUrl, timeoutSeconds: 0.25 })
    standIn.script(fault, fault, fault, fault)
    const results: unknown[] = [await sender.send(message())]
    const start = {
      to: number,
      channel: 'sms',
      locale: 'fr',
      subject: 'u',
      clientIp: null,
    } as const
    results.push(await verifier.start(start))
    results.push(await verifier.check({ ref, to: number, code: new Sensitive(code) }))
    await verifier.cancel(ref)
    // An unhandled rejection is reported after the promises have settled.
    await new Promise((resolve) => setImmediate(resolve))

    for (const thing of [...results, sender, verifier]) expectNoSecret(everySpelling(thing))
    expect(results).not.toContainEqual(
      expect.objectContaining({ cause: expect.anything() as unknown }),
    )
    expect(printed).toEqual([])
  })
})

test.each(['code', 'message', 'stack', 'name'])(
  'an application client whose error has everything in its %s is not quoted',
  async (property) => {
    const error = Object.assign(new Error('no'), { config: { data: talkative } })
    Object.defineProperty(error, property, { value: `${talkative}, ${standIn.account.authToken}` })
    const create = () => Promise.reject(error)
    const sender = twilioSender({ client: { messages: { create } }, from })
    const result = await sender.send(message())
    expectNoSecret(everySpelling(result))
    expect(printed).toEqual([])
  },
)

test('would be noticed: the SDK’s own error prints all of it', async () => {
  const { account, baseUrl } = standIn
  const { default: twilio } = await import('twilio')
  const inner = new twilio.RequestClient({ timeout: 200 })
  standIn.script({ kind: 'reset' })
  const seen = await inner
    .request({
      method: 'post',
      uri: baseUrl,
      username: account.accountSid,
      password: account.authToken,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      data: { To: number, Body: code },
    })
    .catch((error: unknown) => inspect(error, { depth: 5 }))
  expect(secrets().filter((secret) => String(seen).includes(secret)).length).toBeGreaterThan(2)
})
