/**
 * The attacker knows the password and goes straight for what is behind the gate: other spellings of its path, other
 * methods, headers that claim to be somebody or somewhere else, other kinds of request. None of them may reach it, and
 * only the router's own paths are exempt.
 */

import { afterAll, beforeAll, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { cookieOf, isIn, passedBrowser, verify } from '../support/in-or-out.js'
import { sendLine } from '../support/raw-socket.js'

const secret = 'behind the gate'

let app: TestApp
let pending: Browser
let passed: Browser
beforeAll(async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      server.get('/events', async (req, res) => {
        const { passed: open } = await secondFactor.check(req)
        res
          .status(open ? 200 : 403)
          .type('text/event-stream')
          .end(open ? `data: ${secret}` : '')
      })
      server.get('/ungated', (req, res) => res.json(req.secondFactor))
      server.use(secondFactor.gate())
      server.all(['/app', '/app/secret', '/second-factor-report'], (_req, res) => {
        res.set('x-secret', secret).send(secret)
      })
      server.use((_req, res) => {
        res.status(404).set('x-secret', secret).send(secret)
      })
    },
  })
  passed = await passedBrowser(app, 'bob')
  pending = await app.login('alice')
})
afterAll(() => app.close())

const paths = [
  '/app',
  '/app/',
  '/APP',
  '/App/Secret',
  '//app',
  '//app//secret',
  '/./app',
  '/x/../app',
  '/second-factor/../app',
  '/second-factor/..%2fapp',
  '/second-factor%2f..%2fapp',
  '/second-factor/verify/../../app/secret',
  '/%61pp',
  '/%41PP/%73ecret',
  '/app;x=1',
  '/app%00',
  '/app%20',
  '/app?',
  '/app?x=/second-factor/',
  '/app#/second-factor',
  '/app/secret.json',
  '/app\\secret',
  '/second-factor-report',
  '/SECOND-FACTOR-REPORT',
  '/second-factorx',
  '/x/second-factor',
  '/nothing-here',
  'http://127.0.0.1/app',
  'http://evil.example/app/secret',
]

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND']

test.each(paths)('%s stays shut to a password-only session, for every method', async (path) => {
  for (const method of methods) {
    for (const accept of ['application/json', 'text/html']) {
      const headers = { accept, cookie: cookieOf(pending) }
      const answer = await sendLine(app.url, method, path, headers)
      expect([method, answer.headers.get('x-secret')]).toEqual([method, undefined])
      expect(answer.status).toBeGreaterThanOrEqual(300)
    }
  }
})

test('the same requests reach it with both factors', async () => {
  const reached = []
  for (const path of paths) {
    const answer = await sendLine(app.url, 'GET', path, { cookie: cookieOf(passed) })
    if (answer.headers.get('x-secret') !== undefined) reached.push(path)
  }
  expect(reached.length).toBeGreaterThan(20)
  expect(reached).toContain('/App/Secret')
})

const disguises: Record<string, string>[] = [
  { 'x-http-method-override': 'OPTIONS' },
  { 'x-http-method': 'GET' },
  { 'x-method-override': 'HEAD' },
  { 'x-original-url': '/second-factor/' },
  { 'x-rewrite-url': '/second-factor/' },
  { 'x-forwarded-prefix': '/second-factor' },
  { 'x-forwarded-for': '127.0.0.1' },
  { 'x-real-ip': '127.0.0.1', 'true-client-ip': '127.0.0.1' },
  { 'x-forwarded-user': 'bob', 'x-remote-user': 'bob' },
  { 'x-debug': '1', 'x-second-factor': 'passed', 'x-mfa': 'true' },
  { referer: 'http://127.0.0.1/second-factor/verify' },
  { authorization: 'Basic Ym9iOnBhc3N3b3Jk' },
  { 'sec-purpose': 'prefetch' },
  { upgrade: 'websocket', connection: 'upgrade' },
  { cookie: 'secondFactor=passed; passed=true' },
]

test.each(disguises)('%j opens nothing', async (headers) => {
  const cookie = [cookieOf(pending), headers['cookie'] ?? ''].join('; ')
  const target = '/app/secret?_method=GET&verified=true&passed=1'
  for (const method of ['GET', 'POST']) {
    const answer = await sendLine(app.url, method, target, { ...headers, cookie })
    expect(answer.headers.get('x-secret')).toBeUndefined()
    expect(answer.status).toBeGreaterThanOrEqual(300)
  }
})

test('`check` refuses a stream or a socket’s first request before the code', async () => {
  expect((await pending.get('/events')).status).toBe(403)
  expect((await app.browser().get('/events')).status).toBe(403)
  const open = await passed.get('/events')
  expect([open.status, open.text]).toEqual([200, `data: ${secret}`])
})

test('`req.secondFactor` reports passed only for people who have passed', async () => {
  for (const browser of [pending, app.browser(), passed]) {
    expect((await browser.get('/ungated')).json).toMatchObject({ passed: false, method: null })
  }
})

test('a person without a phone can reach phone enrolment and nothing else', async () => {
  const carol = await app.login('carol')
  for (const path of ['/app', '/app/secret', '/second-factor-report']) {
    expect((await carol.get(path)).status).toBe(403)
  }
  expect((await carol.post('/second-factor/challenge')).json['code']).toBe('destination_missing')
  expect((await carol.get('/second-factor/')).status).toBe(200)
  expect((await carol.post('/second-factor/phone', { phone: '+14155550199' })).status).toBe(201)
  expect(await isIn(carol, '/app')).toBe(false)
})

test('ignoring the response to a wrong code opens nothing', async () => {
  const browser = await app.login('alice')
  await verify(browser, '000000')
  expect(await isIn(browser, '/app')).toBe(false)
})

test('a login that waited too long for its code no longer counts anywhere', async () => {
  const own = await startTestApp()
  try {
    const late = await own.login('alice')
    own.clock.advance(600)
    const answers = [
      await late.get('/account'),
      await late.get('/second-factor/'),
      await late.post('/second-factor/challenge'),
      await verify(late, own.codeFor('alice')),
      await late.post('/second-factor/phone', { phone: '+14155550199' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
    expect(own.inbox.inbox()).toHaveLength(1)
  } finally {
    await own.close()
  }
})
