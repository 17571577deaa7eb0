/** The test application with delivery receipts at `/receipts`, and vendors that sign as their documentation says. */

import { createHmac } from 'node:crypto'

import { textbeeReceipts } from '../../src/adapters/textbee/index.js'
import { twilioReceipts } from '../../src/adapters/twilio/index.js'
import type { SecondFactorOptions, StateStore } from '../../src/index.js'
import { startTestApp, testUsers, type TestApp, type TestAppOptions, type TestUser } from './app.js'
import type { Answer } from './browser.js'

export const publicUrl = 'https://app.example.com'
export const twilioToken = 'a-twilio-auth-token-of-the-tests'
export const textbeeSecret = 'a webhook secret of the tests'

/** The fields of a form, in the order in which they are sent. */
export type Fields = readonly (readonly [name: string, value: string])[]

/**
 * Twilio's algorithm: HMAC-SHA1 over the public URL, then each field's name and value in the order of the
 * names, in base64.
 */
export function twilioSignature(token: string, url: string, fields: Fields): string {
  const sorted = [...fields].sort(([one], [other]) => (one < other ? -1 : 1))
  const signed = url + sorted.map(([name, value]) => name + value).join('')
  return createHmac('sha1', token).update(signed, 'utf8').digest('base64')
}

/** A status callback of Twilio's, as it is documented. */
export function twilioFields(parts: Readonly<Record<string, string>> = {}): Fields {
  const sid = parts['MessageSid'] ?? 'SM1'
  return Object.entries({
    SmsSid: sid,
    SmsStatus: parts['MessageStatus'] ?? 'sent',
    MessageStatus: 'sent',
    To: '+237671234567',
    MessageSid: sid,
    AccountSid: 'AC00000000000000000000000000000000',
    From: '+15550006789',
    ApiVersion: '2010-04-01',
    ...parts,
  })
}

/** The form that these fields make. */
export function formOf(fields: Fields): string {
  const form = new URLSearchParams()
  for (const [name, value] of fields) form.append(name, value)
  return form.toString()
}

/** A webhook of TextBee's: the message's whole text is in it. */
export function textbeeBody(parts: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    smsId: '64b0000000000000000000aa',
    message: '804213 is your code. It is valid for 5 minutes.',
    deviceId: '64b0000000000000000000bb',
    webhookSubscriptionId: '64b0000000000000000000cc',
    webhookEvent: 'MESSAGE_SENT',
    idempotencyKey: '5f0c8e0e-0000-4000-8000-000000000000',
    smsBatchId: 'SM1',
    status: 'sent',
    recipient: '+237671234567',
    ...parts,
  })
}

/** HMAC-SHA256 over the body's bytes, in hexadecimal. */
export function textbeeSignature(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body, 'utf8').digest('hex')
}

export interface ReceiptsApp extends TestApp {
  /** A status callback with a right signature, unless `headers` say otherwise. */
  twilio(parts?: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  /** A webhook with a right signature, unless `headers` say otherwise. */
  textbee(parts?: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer>
  /** Posts a body with these headers, as anybody can. */
  send(path: string, body: string, headers: Record<string, string>): Promise<Answer>
}

export interface ReceiptsAppOptions extends Pick<TestAppOptions, 'before'> {
  readonly store?: StateStore
  readonly users?: Partial<SecondFactorOptions<TestUser>['users']>
  readonly receipts?: SecondFactorOptions<TestUser>['receipts']
}

/** Starts it. Messages are named SM1, SM2 … in the order in which they are sent. */
export async function startReceiptsApp(options: ReceiptsAppOptions = {}): Promise<ReceiptsApp> {
  const people = testUsers()
  let messages = 0
  const app = await startTestApp({
    ...(options.before ? { before: options.before } : {}),
    sender: {
      channel: 'sms',
      async send(message) {
        await app.inbox.send(message)
        messages += 1
        return { status: 'sent', reference: `SM${messages}` }
      },
    },
    secondFactor: {
      ...(options.store ? { store: options.store } : {}),
      receipts: options.receipts ?? [
        twilioReceipts({ authToken: twilioToken, publicUrl }),
        textbeeReceipts({ secret: textbeeSecret }),
      ],
      users: {
        id: (user) => user.id,
        phone: (user) => user.phone,
        setVerifiedPhone: () => undefined,
        findByPhone: (phone) => people.find((user) => user.phone === phone),
        ...options.users,
      },
    },
    routes(express, secondFactor) {
      express.use('/receipts', secondFactor.receiptsRouter())
      express.use('/otp', secondFactor.phoneVerificationRouter())
    },
  })
  const send: ReceiptsApp['send'] = (path, body, headers) =>
    app.browser().ask(path, { method: 'POST', headers, body })
  return {
    ...{ ...app, send },
    twilio(parts, headers = {}) {
      const fields = twilioFields(parts)
      const body = formOf(fields)
      return send('/receipts/twilio', body, {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-twilio-signature': twilioSignature(twilioToken, `${publicUrl}/receipts/twilio`, fields),
        ...headers,
      })
    },
    textbee(parts, headers = {}) {
      const body = textbeeBody(parts)
      return send('/receipts/textbee', body, {
        'content-type': 'application/json',
        'x-signature': textbeeSignature(textbeeSecret, body),
        ...headers,
      })
    },
  }
}
