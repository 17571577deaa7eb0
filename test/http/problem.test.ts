/** Every row of the table of refusals, once as a problem and once as a page. */

import { afterEach, describe, expect, test } from 'vitest'

import { memoryStore, type RefusalCode, type SendResult } from '../../src/index.js'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/app.js'
import type { Answer, Browser } from '../support/browser.js'
import { wrongCode } from '../support/codes.js'
import { failTimes } from '../support/misuse.js'
import {
  expectProblem,
  expectRefusalPage,
  expectRefusedForm,
  reasonOn,
  type Facts,
} from '../support/problem.js'

/** Sends fields as a program does, or as a browser's form does. */
type Send = (browser: Browser, path: string, fields?: Record<string, string>) => Promise<Answer>

/** A request that is refused, and the fields of its problem. */
interface Row {
  readonly app?: () => TestAppOptions
  readonly produce: (app: TestApp, send: Send, accept: string) => Promise<Answer>
  readonly facts?: (app: TestApp) => Facts
  /** The sentence of the page, where it knows better than that for programs; `null` where the page itself says it. */
  readonly page?: RegExp | null
}

/** Refusals that a form is answered with directly: there is nothing to lead back to, or nowhere to keep the reason. */
const answeredDirectly: readonly RefusalCode[] = [
  ...(['method_not_allowed', 'body_too_large', 'unsupported_media_type'] as const),
  ...(['login_required', 'cross_site_request', 'store_unavailable'] as const),
]

const challenge = '/second-factor/challenge'
const verify = '/second-factor/verify'
const phone = '/second-factor/phone'

const until = (app: TestApp, seconds: number): Facts => ({
  retryAt: app.clock.iso(seconds),
  retryAfterSeconds: seconds,
})

const running = (app: TestApp, attemptsLeft = 5): Facts => ({
  challenge: {
    ...{ status: 'pending', method: 'sms', channel: 'sms', destination: '••••67', attemptsLeft },
    ...{ codeLength: 6, expiresAt: app.clock.iso(300), expiresInSeconds: 300 },
    ...{ resendAt: app.clock.iso(30), resendInSeconds: 30 },
  },
})

const sending = (result: SendResult) => () => ({
  sender: { channel: 'sms' as const, send: () => Promise.resolve(result) },
})

const toChallenge = async (app: TestApp, send: Send) => {
  const alice = app.browser()
  await alice.post('/password', { username: 'alice', password: 'password' })
  return send(alice, challenge)
}

const atGate = () => ({ challengeUrl: '/second-factor/' })

/**
 * Refusals that need something else: `unknown_number` the endpoints without a login, `word_missing` a factor of the
 * tests, and the rest a factor that people hold.
 */
type Elsewhere =
  | 'unknown_number'
  | 'word_missing'
  | 'second_factor_insufficient'
  | 'code_used'
  | 'passkey_rejected'
  | 'factor_not_enrolled'
  | 'setup_expired'
  | 'factor_limit'
  | 'last_factor'
  | 'factors_lost'

const rows: Readonly<Record<Exclude<RefusalCode, Elsewhere>, Row>> = {
  malformed_request: {
    produce: async (app, send) => send(await app.login('alice'), verify, { code: '12345' }),
    page: /^Enter the 6-digit code\.$/,
  },
  method_not_allowed: {
    produce: async (app, send) => send(await app.login('alice'), '/second-factor/'),
  },
  body_too_large: {
    produce: async (app, send) => send(await app.login('alice'), verify, { x: 'x'.repeat(4096) }),
  },
  unsupported_media_type: {
    produce: async (app, _send, accept) => {
      const body = new TextEncoder().encode('123456')
      return (await app.login('alice')).ask(verify, { method: 'POST', headers: { accept }, body })
    },
  },
  login_required: { produce: (app, send) => send(app.browser(), challenge) },
  second_factor_required: {
    produce: async (app, send) => send(await app.login('alice'), '/transfer'),
    facts: atGate,
  },
  second_factor_stale: {
    produce: async (app, send) => {
      const alice = await app.login('alice')
      await alice.post(verify, { code: app.codeFor('alice') })
      app.clock.advance(301)
      return send(alice, '/transfer')
    },
    facts: atGate,
  },
  cross_site_request: {
    produce: async (app, _send, accept) => {
      const headers = { accept, 'sec-fetch-site': 'cross-site' }
      return (await app.login('alice')).ask(challenge, { method: 'POST', headers })
    },
  },
  code_incorrect: {
    produce: async (app, send) =>
      send(await app.login('alice'), verify, { code: wrongCode(app.codeFor('alice')) }),
    facts: () => ({ attemptsLeft: 4 }),
  },
  code_expired: {
    produce: async (app, send) => {
      const alice = await app.login('alice')
      app.clock.advance(310)
      return send(alice, verify, { code: app.codeFor('alice') })
    },
  },
  no_challenge: {
    produce: async (app, send) => send(await app.login('carol'), verify, { code: '123456' }),
  },
  destination_missing: {
    produce: async (app, send) => send(await app.login('carol'), challenge),
    page: null,
  },
  destination_invalid: {
    produce: async (app, send) => send(await app.login('carol'), phone, { phone: '+123' }),
  },
  destination_blocked: {
    produce: async (app, send) => send(await app.login('carol'), phone, { phone: '+33899123456' }),
  },
  attempts_exhausted: {
    produce: async (app, send) => {
      const alice = await app.login('alice')
      await failTimes(app, alice, 'alice', 5)
      return send(alice, verify, { code: app.codeFor('alice') })
    },
    facts: (app) => ({ attemptsLeft: 0, ...until(app, 30) }),
  },
  cooldown: {
    produce: async (app, send) => send(await app.login('alice'), challenge),
    facts: (app) => ({ ...until(app, 30), ...running(app) }),
  },
  send_limit: {
    app: () => ({ secondFactor: { policy: { sendsPerDay: 1 } } }),
    produce: async (app, send) => {
      await app.login('alice')
      return send(await app.login('alice'), challenge)
    },
    facts: (app) => until(app, 86_400),
    page: /^You’ve reached today’s limit for codes\. Try again in 24 hours\.$/,
  },
  locked_out: {
    produce: async (app, send) => {
      const alice = await app.login('alice')
      await failTimes(app, alice, 'alice', 10)
      return send(alice, challenge)
    },
    facts: (app) => until(app, 1800),
  },
  delivery_failed: {
    app: sending({ status: 'maybe_sent' }),
    produce: toChallenge,
    facts: (app) => ({ ...until(app, 30), ...running(app) }),
  },
  service_misconfigured: {
    app: sending({ status: 'operator_fault', reason: 'credentials' }),
    produce: toChallenge,
  },
  delivery_unavailable: {
    app: sending({ status: 'rejected', reason: 'unavailable' }),
    produce: toChallenge,
    facts: (app) => until(app, 30),
  },
  store_unavailable: {
    app: () => {
      const broken = { ...memoryStore(), compareAndSwap: () => Promise.reject(new Error('full')) }
      return { secondFactor: { store: broken } }
    },
    produce: toChallenge,
    facts: (app) => until(app, 5),
  },
}

let app: TestApp
afterEach(() => app.close())

describe.each(Object.entries(rows) as [keyof typeof rows, Row][])('%s', (code, row) => {
  test('is a problem for programs, and a sentence on a page for people', async () => {
    app = await startTestApp(row.app?.())
    const asProgram: Send = (browser, path, fields) => browser.post(path, fields)
    const problem = await row.produce(app, asProgram, 'application/json')
    const facts = row.facts?.(app) ?? {}
    expectProblem(problem, code, facts)
    await app.close()

    app = await startTestApp(row.app?.())
    let browser = app.browser()
    const asForm: Send = (from, path, fields) => {
      browser = from
      return from.submit(path, fields)
    }
    const answer = await row.produce(app, asForm, 'text/html')
    const detail = String(problem.json['detail']).replace(/\s+/g, ' ')
    if (answeredDirectly.includes(code)) {
      expectRefusalPage(answer, code, detail, facts)
      return
    }
    const path = answer.headers.get('location') ?? ''
    const page = await expectRefusedForm(browser, answer, row.page ?? /|/, path)
    if (row.page === undefined) expect(reasonOn(page)).toBe(detail)
    if (row.page === null) expect(reasonOn(page)).toBe('')
  })
})

test('a hard stop has no end time and says whom to contact', async () => {
  app = await startTestApp({ secondFactor: { policy: { hardStopFailures: 2 } } })
  const alice = await app.login('alice')
  await failTimes(app, alice, 'alice', 2)
  const answer = await alice.post(challenge)
  expectProblem(answer, 'locked_out')
  expect(answer.json['detail']).toContain('Contact support')
})
