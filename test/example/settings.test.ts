/** An unusable setting stops the example's start with one line that names it. */

import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { afterTests } from '../support/after-tests.js'
import {
  newDatabase,
  refusedAgain,
  refusedStart,
  startExample,
  type Environment,
  type Refused,
} from '../support/example.js'
import { hasRedisServer, startRedis } from '../support/redis-servers.js'

const DATABASE_URL = newDatabase()
const secret = randomBytes(32).toString('base64url')
const secrets = { SESSION_SECRET: secret, SECOND_FACTOR_SECRET: secret }
const password = 'a-pass-word-that-nobody-sees'

const twilio = { TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: password }
const messaging = { ...twilio, TWILIO_PHONE_NUMBER: '+15005550006' }
const hosted = { ...twilio, TWILIO_SERVICE_SID: `VA${'0'.repeat(32)}` }
const textbee = {
  SMS_SENDER_API: 'https://127.0.0.1:9/api/v1',
  TEXTBEE_API_KEY: password,
  TEXTBEE_DEVICE_ID: '65f1c0ffee65f1c0ffee65f1',
}
const production = { NODE_ENV: 'production', ...secrets, ...messaging }

const folder = mkdtempSync(join(tmpdir(), 'second-factor-settings-'))
afterTests(() => {
  rmSync(folder, { recursive: true })
})
const noDatabase = join(folder, 'no-database')
writeFileSync(noDatabase, 'this is no database '.repeat(100))

type Unusable = readonly [variable: string, why: string, env: Environment]

/** Settings that cannot be used, by the variable that the line has to begin with. */
const unusable: readonly Unusable[] = [
  ['PORT', 'is no number', { PORT: 'http' }],
  ['PORT', 'is too high', { PORT: '65536' }],
  ['DATABASE_URL', 'is of a database that is not known', { DATABASE_URL: 'oracle://db/x' }],
  ['DATABASE_URL', 'is no address', { DATABASE_URL: `postgres://u:${password}@[` }],
  ['SEND_LIMITS', 'is no mode', { SEND_LIMITS: 'perhaps' }],
  ['REDIS_URL', 'is no address', { REDIS_URL: '127.0.0.1:6379' }],
  ['PUBLIC_URL', 'is no address', { PUBLIC_URL: 'example.com' }],
  ['PUBLIC_URL', 'has a path', { PUBLIC_URL: 'https://example.com/app' }],
  ['PUBLIC_URL', 'is not https in production', { ...production, PUBLIC_URL: 'http://a.example' }],
  [
    'PUBLIC_URL',
    'fits no message',
    { PUBLIC_URL: `https://${'a'.repeat(60)}.${'b'.repeat(60)}.example` },
  ],
  ['TRUST_PROXY', 'would believe anybody', { TRUST_PROXY: 'true' }],
  ['TRUST_PROXY', 'is no address', { TRUST_PROXY: 'the-proxy' }],
  ['OTP_DIGITS', 'is no number', { OTP_DIGITS: 'six' }],
  ['OTP_DIGITS', 'is too short a code', { OTP_DIGITS: '4' }],
  ['OTP_LIFETIME_SECONDS', 'is too long', { OTP_LIFETIME_SECONDS: '601' }],
  ['OTP_GRACE_SECONDS', 'is too long', { OTP_GRACE_SECONDS: '31' }],
  ['OTP_MAX_ATTEMPTS', 'is none', { OTP_MAX_ATTEMPTS: '0' }],
  ['OTP_RESEND_LADDER_SECONDS', 'has an empty rung', { OTP_RESEND_LADDER_SECONDS: '30,,60' }],
  ['OTP_SENDS_PER_DAY', 'is not whole', { OTP_SENDS_PER_DAY: '1.5' }],
  ['OTP_LOCK_SECONDS', 'is negative', { OTP_LOCK_SECONDS: '-1' }],
  ['OTP_LOCK_SECONDS', 'is shorter than half an hour', { OTP_LOCK_SECONDS: '1799' }],
  ['OTP_STANDARDS', 'is not known', { OTP_STANDARDS: 'lax' }],
  ['SECOND_FACTOR_SECRET', 'is short', { ...secrets, SECOND_FACTOR_SECRET: 'x'.repeat(31) }],
  ['SECOND_FACTOR_SECRET', 'is missing in production', { ...production, SECOND_FACTOR_SECRET: '' }],
  ['SESSION_SECRET', 'is missing in production', { ...production, SESSION_SECRET: '' }],
  ['SESSION_SECRET', 'is short in production', { ...production, SESSION_SECRET: 'x'.repeat(15) }],
  ['NODE_ENV', 'is production, without a provider', { NODE_ENV: 'production', ...secrets }],
  ['TWILIO_ACCOUNT_SID', 'is missing', { ...messaging, TWILIO_ACCOUNT_SID: '' }],
  ['TWILIO_AUTH_TOKEN', 'is missing', { ...messaging, TWILIO_AUTH_TOKEN: '' }],
  ['TWILIO_PHONE_NUMBER', 'and TWILIO_SERVICE_SID are missing', twilio],
  ['TWILIO_ACCOUNT_SID', 'is missing beside a base', { TWILIO_API_BASE: 'http://127.0.0.1:9' }],
  ['TWILIO_ACCOUNT_SID', 'is malformed', { ...messaging, TWILIO_ACCOUNT_SID: 'AC1' }],
  ['TWILIO_AUTH_TOKEN', 'is malformed', { ...messaging, TWILIO_AUTH_TOKEN: `${password} ` }],
  ['TWILIO_PHONE_NUMBER', 'is malformed', { ...messaging, TWILIO_PHONE_NUMBER: '+1 (500)' }],
  ['TWILIO_SERVICE_SID', 'is malformed', { ...hosted, TWILIO_SERVICE_SID: 'VA1' }],
  ['TWILIO_SERVICE_SID', 'stands beside a phone number', { ...hosted, ...messaging }],
  ['TWILIO_SERVICE_SID', 'stands beside TextBee', { ...hosted, ...textbee }],
  ['TWILIO_API_BASE', 'is not safe', { ...messaging, TWILIO_API_BASE: 'http://twilio.example' }],
  ['TWILIO_API_BASE', 'is for tests', { ...production, TWILIO_API_BASE: 'http://127.0.0.1:9' }],
  ['SMS_SENDER_API', 'is missing', { ...textbee, SMS_SENDER_API: '' }],
  ['SMS_SENDER_API', 'is not safe', { ...textbee, SMS_SENDER_API: 'http://sms.example/api/v1' }],
  ['TEXTBEE_API_KEY', 'is missing', { ...textbee, TEXTBEE_API_KEY: '' }],
  ['TEXTBEE_DEVICE_ID', 'is missing', { ...textbee, TEXTBEE_DEVICE_ID: '' }],
  ['TEXTBEE_DEVICE_ID', 'is malformed', { ...textbee, TEXTBEE_DEVICE_ID: 'my phone' }],
]

/** Those that are found out by trying them. */
const unusableOutside: readonly Unusable[] = [
  ['HOST', 'is not an address of this machine', { HOST: '192.0.2.1' }],
  ['DATABASE_URL', 'leads nowhere', { DATABASE_URL: `postgres://u:${password}@127.0.0.1:9/x` }],
  ['DATABASE_URL', 'leads nowhere', { DATABASE_URL: `mysql://u:${password}@127.0.0.1:9/x` }],
  ['DATABASE_URL', 'is a folder', { DATABASE_URL: `sqlite:${folder}`, ...secrets }],
  ['DATABASE_URL', 'is in a file', { DATABASE_URL: `sqlite:${noDatabase}/x`, ...secrets }],
  ['DATABASE_URL', 'is no database', { DATABASE_URL: `sqlite:${noDatabase}`, ...secrets }],
  ['SECOND_FACTOR_SECRET', 'cannot be kept', { DATABASE_URL: `sqlite:${noDatabase}/x` }],
  ['REDIS_URL', 'leads nowhere', { REDIS_URL: `redis://u:${password}@127.0.0.1:9` }],
]

describe('a start', () => {
  test.each(unusable)('with %s %s is refused in one line', async (variable, _why, env) => {
    expectRefused(variable, await refusedAgain({ DATABASE_URL, ...env }))
  })

  test.concurrent.each(unusableOutside)(
    'with %s %s is refused in one line',
    async (variable, _why, env) => {
      await expectRefusedStart(variable, { DATABASE_URL, ...env })
    },
  )

  describe('on a port that is taken', () => {
    const taken: Server = createServer()
    beforeAll(() => new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve)))
    afterAll(() => taken.close())

    test('is refused in one line', async () => {
      const PORT = String((taken.address() as AddressInfo).port)
      await expectRefusedStart('PORT', { DATABASE_URL, PORT })
    })
  })

  test.runIf(hasRedisServer())(
    'with a Redis that may evict a lock is refused in one line',
    async () => {
      const redis = await startRedis({ settings: ['--maxmemory-policy', 'allkeys-lru'] })
      try {
        await expectRefusedStart('REDIS_URL', { DATABASE_URL, REDIS_URL: redis.url })
      } finally {
        await redis.close()
      }
    },
  )
})

describe('in production', () => {
  test('starts with its secrets and a provider, even if that is unreachable', async () => {
    const PUBLIC_URL = 'https://app.example'
    const example = await startExample({ DATABASE_URL, ...production, PUBLIC_URL })
    const browser = example.browser()
    expect((await browser.get('/healthz')).status).toBe(200)
    expect((await browser.get('/dev/inbox')).status).toBe(404)
    const answer = await browser.page('/')
    expect(answer.text).toContain('Twilio Messaging')
    expect(answer.text).not.toContain('wonderland-7')
    expect(await example.stop()).toBe(0)
    expect(example.output()).not.toContain(password)
  })

  test('has a secure cookie behind a proxy that terminates TLS', async () => {
    const PUBLIC_URL = 'https://app.example'
    const { SMS_SENDER_API, ...rest } = textbee
    const env = { DATABASE_URL, NODE_ENV: 'production', ...secrets, SMS_SENDER_API, ...rest }
    const example = await startExample({ ...env, PUBLIC_URL })
    const login = { username: 'alice', password: 'wonderland-7' }
    const answer = await example.browser().post('/login', login)
    expect(answer.json).toMatchObject({ refusal: { code: expect.any(String) as string } })
    const [cookie] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^example\.sid=.+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
    const foreign = await fetch(`${example.url}/logout`, {
      method: 'POST',
      headers: { origin: 'https://other.example' },
    })
    expect(foreign.status).toBe(403)
    const own = await fetch(`${example.url}/logout`, {
      method: 'POST',
      headers: { origin: PUBLIC_URL },
    })
    expect(own.status).toBe(204)
  })
})

async function expectRefusedStart(variable: string, env: Environment): Promise<void> {
  expectRefused(variable, await refusedStart(env))
}

/** One line that begins with the variable, nothing else, and nothing secret in it. */
function expectRefused(variable: string, { code, stdout, stderr }: Refused): void {
  expect({ code, stdout, lines: stderr.trimEnd().split('\n').length, stderr }).toEqual({
    code: 1,
    stdout: '',
    lines: 1,
    stderr: expect.stringMatching(new RegExp(`^${variable}\\b.+\\n$`)) as string,
  })
  expect(stderr).not.toContain(password)
  expect(stderr).not.toContain(secret)
}
