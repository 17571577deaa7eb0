/**
 * The test kit against an application: through supertest, through `fetch` with a cookie jar, and its errors on a
 * refusal.
 */

import type { Server } from 'node:http'

import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'

import { recoveryCodes, totp, type SecondFactorOptions } from '../../src/index.js'
import {
  expectClosed,
  inboxSender,
  passSecondFactor,
  setUpAuthenticatorApp,
  setUpRecoveryCodes,
  testClock,
  testPolicy,
  type Agent,
  type FetchAgent,
} from '../../src/testing/index.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'

const mount = '/second-factor'
const phones = { alice: '+237671234567', bob: '+919876543210' }

interface Rig extends TestApp {
  readonly clock: TestApp['clock']
}

const inbox = inboxSender()
const held = new Set<number>()
let app: Rig
let patient: Rig

function start(options: Partial<SecondFactorOptions<TestUser>>): Promise<Rig> {
  return startTestApp({
    secondFactor: {
      sender: inbox,
      appName: 'Example',
      factors: [totp(), recoveryCodes()],
      enrolment: { when: 'optional' },
      ...options,
      users: {
        id: ({ id }) => id,
        phone: ({ phone, verified }) => phone && { number: phone, verified },
        hasFactors: ({ id }) => held.has(id),
        setHasFactors: ({ id }, has) => (has ? held.add(id) : held.delete(id)),
      },
    },
    routes(express) {
      express.get('/open', (_req, res) => {
        res.json({})
      })
      express.post('/csrf', (_req, res) => {
        res.status(403).json({ code: 'invalid csrf token' })
      })
      express.get('/moved', (_req, res) => {
        res.redirect(303, '/elsewhere')
      })
    },
  })
}

beforeAll(async () => {
  app = await start({ policy: testPolicy() })
  patient = await start({})
})

afterAll(() => Promise.all([app.close(), patient.close()]))

afterEach(() => {
  vi.unstubAllEnvs()
})

async function agentOf(server: Server, username: string) {
  const agent = request.agent(server)
  await agent.post('/login').send({ username, password: 'password' }).expect(200)
  return agent
}

/** A `fetch` that keeps the cookies of one origin. */
function fetchWithCookies(): FetchAgent {
  const cookies = new Map<string, string>()
  return async (url, init) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie } })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }
}

describe('passSecondFactor', () => {
  test('enters the code that the login sent, and the agent passes the gates', async () => {
    const agent = await agentOf(app.server, 'alice')
    const answer = await passSecondFactor(agent, { inbox })
    expect(answer).toMatchObject({ status: 'passed', method: 'sms', returnTo: '/account' })
    await agent.get('/account').expect(200)
  })

  test('requests a code if none was sent, as at a step-up or after a login that sends none', async () => {
    const agent = request.agent(app.server)
    await agent.post('/password').send({ username: 'alice', password: 'password' })
    await passSecondFactor(agent, { inbox })
    app.clock.advance(301)
    await agent.post('/transfer').expect(403)
    await passSecondFactor(agent, { inbox })
    await agent.post('/transfer').expect(200)
  })

  test('picks its own user’s code among those of others', async () => {
    const alice = await agentOf(app.server, 'alice')
    const bob = await agentOf(app.server, 'bob')
    expect(inbox.latest()?.to).toBe(phones.bob)
    await passSecondFactor(alice, { inbox })
    await passSecondFactor(bob, { inbox })
    expect(inbox.latest(phones.alice)?.code).toMatch(/^\d{6}$/)
    expect(inbox.messages(phones.bob).every(({ to }) => to === phones.bob)).toBe(true)
  })

  test('logs a user in repeatedly with testPolicy', async () => {
    for (let logins = 0; logins < 12; logins += 1) await agentOf(app.server, 'alice')
    const agent = await agentOf(app.server, 'alice')
    await passSecondFactor(agent, { inbox })
    await agent.get('/account').expect(200)
  })

  test('works with a cookie-keeping fetch on an origin', async () => {
    const agent = fetchWithCookies()
    const json = { 'content-type': 'application/json', accept: 'application/json' }
    const body = JSON.stringify({ username: 'bob', password: 'password' })
    await agent(`${app.url}/login`, { method: 'POST', headers: json, body, redirect: 'manual' })
    await expectClosed(agent, ['/account'], { origin: app.url })
    await passSecondFactor(agent, { inbox, origin: app.url, mount: `${mount}/` })
    const account = await agent(`${app.url}/account`, {
      ...{ method: 'GET', headers: json, redirect: 'manual' },
    })
    expect(account.status).toBe(200)
  })
})

describe('the error of passSecondFactor', () => {
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: unknown) => String(error),
    )

  test('names the remedy for the cooldown and for the daily limit', async () => {
    await agentOf(patient.server, 'alice')
    const second = await agentOf(patient.server, 'alice')
    expect(await failure(passSecondFactor(second, { inbox }))).toMatch(
      /challenge returned 429 cooldown for 30 s: .*advance the clock.*testPolicy\(\)/,
    )
    for (let codes = 1; codes < 10; codes += 1) {
      patient.clock.advance(1_000)
      await agentOf(patient.server, 'alice')
    }
    patient.clock.advance(1_000)
    const eleventh = await agentOf(patient.server, 'alice')
    expect(await failure(passSecondFactor(eleventh, { inbox }))).toMatch(
      /429 send_limit .*testPolicy\(\).*resetResends/,
    )
  })

  test('names a missing login, a missing router and a wrong inbox', async () => {
    const anybody = request(app.server)
    expect(await failure(passSecondFactor(anybody, { inbox }))).toMatch(
      /401 login_required: log in with the password first, with an agent that keeps cookies/,
    )
    const agent = await agentOf(app.server, 'alice')
    expect(await failure(passSecondFactor(agent, { inbox, mount: '/2fa' }))).toMatch(
      /GET \/2fa\/ returned 404; is the router mounted at \/2fa/,
    )
    expect(await failure(passSecondFactor(agent, { inbox: inboxSender() }))).toMatch(
      /the inbox has no code for a phone that ends in 67/,
    )
    const erin = await agentOf(app.server, 'carol')
    expect(await failure(passSecondFactor(erin, { inbox }))).toMatch(/4\d\d \w+: /)
  })

  test('is thrown for unusable agents and options', async () => {
    const agent = await agentOf(app.server, 'alice')
    expect(await failure(passSecondFactor(agent, {}))).toContain('needs inbox')
    expect(await failure(passSecondFactor(agent, { inbox, mount: 'login' }))).toContain('mount')
    const misspelt = { inbox, mountPath: mount } as object
    expect(await failure(passSecondFactor(agent, misspelt))).toContain('mountPath is not an option')
    const nothing = Object.create(null) as Agent
    expect(await failure(passSecondFactor(nothing, { inbox }))).toContain('the agent is not known')
    expect(await failure(passSecondFactor(fetchWithCookies(), { inbox }))).toContain('needs origin')
  })
})

describe('an authenticator app and recovery codes of a test user', () => {
  test('pass once per code, and with a new code when the clock has moved', async () => {
    const [user] = app.users
    const clock = () => app.clock.now
    const phoneApp = await setUpAuthenticatorApp(app.secondFactor, user as never, { clock })
    const agent = await agentOf(app.server, 'alice')
    expect(await passSecondFactor(agent, { code: phoneApp.code() })).toMatchObject({
      method: 'totp',
    })
    const codes = await setUpRecoveryCodes(agent)
    const [code = ''] = codes
    expect(codes).toHaveLength(10)
    const second = await agentOf(app.server, 'alice')
    await passSecondFactor(second, { code: phoneApp.code() })
    expect(() => phoneApp.code()).toThrow('advance the clock by 30 seconds')
    app.clock.advance(30)
    const third = await agentOf(app.server, 'alice')
    await passSecondFactor(third, { code: phoneApp.code() })
    const fourth = await agentOf(app.server, 'alice')
    const passed = await passSecondFactor(fourth, { code, method: 'recovery-code' })
    expect(passed).toMatchObject({ method: 'recovery-code', recoveryCodesLeft: 9 })
  })

  test('can use a secret that the test sets', async () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
    const clock = testClock('1970-01-01T00:00:59Z')
    const imported: string[] = []
    const into = {
      importTotp(_user: string, given: string) {
        imported.push(given)
        return Promise.resolve()
      },
    }
    const first = await setUpAuthenticatorApp(into, 'somebody', { secret, clock })
    const again = await setUpAuthenticatorApp(into, 'somebody', { secret, clock })
    expect(imported).toEqual([secret, secret])
    expect(first.code()).toBe(again.code())
  })
})

describe('expectClosed', () => {
  test('succeeds for routes behind a gate, with each method', async () => {
    const agent = await agentOf(app.server, 'bob')
    await expectClosed(agent, ['/account', 'GET /account', 'POST /transfer'])
  })

  test('names routes that are open, missing or refused by something else', async () => {
    const agent = await agentOf(app.server, 'bob')
    const routes = ['/account', '/open', '/absent', 'POST /csrf', '/moved', 'DELETE /open']
    await expect(expectClosed(agent, routes)).rejects.toMatchObject({
      name: 'AssertionError',
      // Of other operators, Jest prints values that were never compared.
      operator: 'fail',
      message: [
        'these routes are open with only the password; gate them:',
        '  GET /open returned 200',
        '  GET /absent returned 404',
        '  POST /csrf returned 403 invalid csrf token',
        '  GET /moved returned 303 to /elsewhere',
        '  DELETE /open returned 404',
      ].join('\n'),
    })
  })

  test('refuses an agent that is not logged in or has passed', async () => {
    await expect(expectClosed(request(app.server), ['/account'])).rejects.toThrow('login_required')
    const agent = await agentOf(app.server, 'bob')
    await passSecondFactor(agent, { inbox })
    await expect(expectClosed(agent, ['/account'])).rejects.toThrow('has already passed')
  })

  test.each([[[]], [['account']], [['POST']], [['post /transfer']]])(
    'refuses %j instead of routes',
    async (routes) => {
      await expect(expectClosed(request.agent(app.server), routes)).rejects.toMatchObject({
        code: 'configuration_invalid',
      })
    },
  )
})

describe('the clock', () => {
  test('stands still until it is moved', () => {
    const clock = testClock('2026-03-01T12:00:00Z')
    expect(clock()).toBe(Date.UTC(2026, 2, 1, 12))
    clock.advance(0.5)
    expect(clock()).toBe(Date.UTC(2026, 2, 1, 12, 0, 0, 500))
  })

  test('starts at a given time and moves by a number', () => {
    expect(() => testClock('soon')).toThrow('not soon')
    expect(() => {
      testClock().advance(NaN)
    }).toThrow('number of seconds')
  })
})

describe('in production', () => {
  test.each<[string, () => unknown]>([
    ['inboxSender', () => inboxSender()],
    ['testClock', () => testClock()],
    ['testPolicy', () => testPolicy()],
    ['passSecondFactor', () => passSecondFactor(request('http://localhost'), { inbox })],
    ['expectClosed', () => expectClosed(request('http://localhost'), ['/'])],
    ['setUpRecoveryCodes', () => setUpRecoveryCodes(request('http://localhost'))],
    ['setUpAuthenticatorApp', () => setUpAuthenticatorApp(app.secondFactor, app.users[0] as never)],
  ])('%s refuses to work', async (name, use) => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(Promise.resolve().then(use)).rejects.toMatchObject({
      code: 'configuration_invalid',
      message: expect.stringContaining(
        `${name} is for tests and refuses NODE_ENV=production`,
      ) as string,
    })
  })
})
