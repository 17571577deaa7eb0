/** The options of the Twilio adapters, and the errors for unusable ones. */

import { describe, expect, test } from 'vitest'

import {
  twilioSender,
  twilioVerify,
  type TwilioSenderOptions,
  type TwilioVerifyOptions,
} from '../../src/adapters/twilio/index.js'
import { ConfigurationError } from '../../src/core/errors.js'

const hex = '0123456789abcdefABCDEF0123456789'
const account = { accountSid: `AC${hex}`, authToken: 'a-secret-token' }
const key = { accountSid: `AC${hex}`, apiKey: `SK${hex}`, apiKeySecret: 'a-secret-of-a-key' }
const from = '+15550006789'
const serviceSid = `VA${hex}`
const client = {
  messages: { create: () => Promise.resolve({}) },
  verify: { v2: { services: () => expect.unreachable() } },
}

/** A caller without types may give anything. */
const sender = (options: object) => twilioSender(options as TwilioSenderOptions)
const verifier = (options: object) => twilioVerify(options as TwilioVerifyOptions)

function complaint(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  return 'none'
}

describe('twilioSender', () => {
  test.each<[string, object]>([
    ['an auth token and a number', { ...account, from }],
    ['an API key and a Messaging Service', { ...key, messagingServiceSid: `MG${hex}` }],
    ['a client and a short code', { client, from: '12345' }],
    ['a sender id with letters', { client, from: 'My Shop' }],
    ['a callback on loopback', { client, from, statusCallback: 'http://127.0.0.1:3000/r' }],
    ['a base URL on loopback', { ...account, from, baseUrl: 'http://localhost:4010' }],
    ['a base URL elsewhere', { ...account, from, baseUrl: 'https://relay.example' }],
    ['options that are undefined', { ...account, from, apiKey: undefined, client: undefined }],
  ])('takes %s', (_name, options) => {
    expect(sender(options).channel).toBe('sms')
  })

  test.each<[string, object, string]>([
    ['nothing', {}, 'accountSid is missing'],
    ['a null client', { client: null, from }, 'client has no messages'],
    ['a client of something else', { client: {}, from }, 'client has no messages'],
    ['an unknown option', { ...account, from, timeout: 5 }, 'timeout is not an option'],
    ['a SID of something else', { ...account, accountSid: `SK${hex}`, from }, 'accountSid must be'],
    ['a SID cut short', { ...account, accountSid: 'AC123', from }, 'accountSid must be AC and 32'],
    ['no secret', { accountSid: `AC${hex}`, from }, 'authToken must be'],
    ['an empty token', { ...account, authToken: '', from }, 'authToken must be'],
    ['a token with a line end', { ...account, authToken: 'token\n', from }, 'authToken must be'],
    ['a token alone', { authToken: 'token', from }, 'authToken needs accountSid'],
    [
      'both kinds of credentials',
      { ...account, ...key, from },
      'authToken cannot be combined with apiKey',
    ],
    ['an API key of another form', { ...key, apiKey: 'key', from }, 'apiKey must be SK and 32'],
    ['an API key without its secret', { ...key, apiKeySecret: undefined, from }, 'apiKeySecret'],
    [
      'a secret without its API key',
      { ...key, apiKey: undefined, from },
      'apiKeySecret needs apiKey',
    ],
    ['credentials and a client', { ...account, client, from }, 'client cannot be combined with'],
    [
      'a client and a base URL',
      { client, baseUrl: 'https://a.example', from },
      'baseUrl needs accountSid',
    ],
    ['no origin', account, 'from or messagingServiceSid'],
    ['two origins', { ...account, from, messagingServiceSid: `MG${hex}` }, 'exactly one'],
    ['a number that is none', { ...account, from: '555-0067' }, 'from must be'],
    ['a sender id that is too long', { ...account, from: 'My Very Own Shop' }, 'from must be'],
    [
      'a service of another form',
      { ...account, messagingServiceSid: 'MG1' },
      'messagingServiceSid',
    ],
    ['a callback in clear', { client, from, statusCallback: 'http://app.example/' }, 'https:'],
    ['a callback that is no URL', { client, from, statusCallback: '/receipts' }, 'statusCallback'],
    ['a base URL in clear', { ...account, from, baseUrl: 'http://relay.example' }, 'baseUrl must'],
    [
      'credentials in a base URL',
      { ...account, from, baseUrl: 'https://a:b@c.example' },
      'baseUrl',
    ],
    ['a query in a base URL', { ...account, from, baseUrl: 'https://a.example/?b' }, 'no query'],
    ['no time', { ...account, from, timeoutSeconds: 0 }, 'timeoutSeconds must be'],
    ['too much time', { ...account, from, timeoutSeconds: 30 }, 'at most 14'],
    ['a time that is none', { ...account, from, timeoutSeconds: Number.NaN }, 'timeoutSeconds'],
  ])('refuses %s, and says what to do', (_name, options, part) => {
    const text = complaint(() => sender(options))
    expect(text).toContain('twilioSender: ')
    expect(text).toContain(part)
  })

  test('never quotes a secret in an error', () => {
    const secret = 'secret token with spaces'
    for (const options of [
      { ...account, authToken: secret, from },
      { ...key, apiKeySecret: secret, from },
      { ...account, accountSid: secret, from },
      { ...account, from, baseUrl: `https://user:${secret}@relay.example` },
    ]) {
      const text = complaint(() => sender(options))
      expect(text).not.toBe('none')
      expect(text).not.toContain('secret token')
    }
  })
})

describe('twilioVerify', () => {
  test('accepts credentials or a client, codes of 6 digits, and text messages', () => {
    expect(verifier({ ...account, serviceSid })).toMatchObject({ codeLength: 6, channels: ['sms'] })
    expect(verifier({ ...key, serviceSid, codeLength: 8 })).toMatchObject({ codeLength: 8 })
    const channels = ['call', 'sms']
    expect(verifier({ client, serviceSid, channels })).toMatchObject({ channels })
  })

  test.each<[string, object, string]>([
    ['no service', account, 'serviceSid must be VA and 32'],
    ['a service of another kind', { ...account, serviceSid: `MG${hex}` }, 'serviceSid must be VA'],
    ['a sender’s option', { ...account, serviceSid, from }, 'from is not an option'],
    ['no channel', { ...account, serviceSid, channels: [] }, 'channels must list'],
    ['an unknown channel', { ...account, serviceSid, channels: ['email'] }, 'channels must list'],
    ['a channel without a list', { ...account, serviceSid, channels: 'sms' }, 'channels must list'],
    ['codes that are too short', { ...account, serviceSid, codeLength: 3 }, 'codeLength must be'],
    ['codes of a broken length', { ...account, serviceSid, codeLength: 6.5 }, 'codeLength must be'],
    [
      'a limit on nothing',
      { ...account, serviceSid, rateLimits: { a: 'user' } },
      'rateLimits must',
    ],
    ['a limit without a name', { ...account, serviceSid, rateLimits: { '': 'ip' } }, 'rateLimits'],
  ])('refuses %s, and says what to do', (_name, options, part) => {
    const text = complaint(() => verifier(options))
    expect(text).toContain('twilioVerify: ')
    expect(text).toContain(part)
  })
})
