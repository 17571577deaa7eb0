/**
 * The attacker makes the victim's browser, with its cookies, send requests from another site, or from another host of
 * the same site: to submit the attacker's code, send messages, cancel a code, or enrol a phone. Each must be refused
 * before anything is read, judged, sent or changed. No other page may frame the pages or read the responses.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { cookieOf, isIn, passedBrowser } from '../support/in-or-out.js'
import { rawRequest } from '../support/raw-request.js'
import { rowOf } from '../support/rows.js'

let app: TestApp
beforeEach(async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      server.post('/confirm', secondFactor.authenticate(), (_req, res) => res.json({ ok: true }))
      server.post('/guarded', secondFactor.sameOrigin(), (_req, res) => res.json({ ok: true }))
    },
    secondFactor: { origins: ['https://shop.example'] },
  })
})
afterEach(() => app.close())

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const json = { 'content-type': 'application/json' }
const text = { 'content-type': 'text/plain' }

/** The headers that a browser sends from a page that is not the application's. */
const foreign: [string, (own: URL) => Record<string, string>][] = [
  ['another site', () => ({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })],
  ['another site, old browser', () => ({ origin: 'https://evil.example' })],
  ['another site without an origin', () => ({ 'sec-fetch-site': 'cross-site' })],
  ['a sandboxed frame', () => ({ origin: 'null' })],
  ['another host of the site', () => ({ 'sec-fetch-site': 'same-site' })],
  [
    'another site, a trusted origin claimed',
    ({ origin }) => ({ origin, 'sec-fetch-site': 'cross-site' }),
  ],
  ['a word it does not know', ({ origin }) => ({ origin, 'sec-fetch-site': 'friendly' })],
  ['two words', ({ origin }) => ({ origin, 'sec-fetch-site': 'same-origin, cross-site' })],
  ['nothing in the header', () => ({ origin: 'https://evil.example', 'sec-fetch-site': '' })],
  ['another port', ({ hostname }) => ({ origin: `http://${hostname}:1` })],
  ['a longer host', ({ host }) => ({ origin: `http://${host.replace(':', '.evil.example:')}` })],
  ['a host before an @', ({ host }) => ({ origin: `http://${host}@evil.example` })],
  ['a trusted origin with a tail', () => ({ origin: 'https://shop.example.evil.example' })],
  ['a trusted host over http', () => ({ origin: 'http://shop.example' })],
  ['an odd scheme', ({ host }) => ({ origin: `evil://${host}` })],
  ['no origin at all in the header', () => ({ origin: '' })],
]

const requests: [string, string, Record<string, string>, (code: string) => string][] = [
  ['POST', '/second-factor/verify', form, (code) => `code=${code}`],
  ['POST', '/second-factor/verify', json, (code) => JSON.stringify({ code })],
  ['POST', '/second-factor/verify', text, (code) => `{"code":"${code}","x":"="}`],
  ['POST', '/Second-Factor/VERIFY/', form, (code) => `code=${code}`],
  ['POST', '/second-factor/challenge', form, () => ''],
  ['DELETE', '/second-factor/challenge', {}, () => ''],
  ['POST', '/second-factor/phone', form, () => 'phone=%2B14155550199'],
  ['POST', '/second-factor/phone/verify', form, (code) => `code=${code}`],
  ['POST', '/confirm', form, (code) => `code=${code}`],
  ['POST', '/guarded', form, () => ''],
]

function send(browser: Browser, request: (typeof requests)[number], headers: object) {
  const [method, path, type, body] = request
  return rawRequest(app.url, {
    ...{ method, path, body: body(app.codeFor('alice')) },
    headers: { ...type, ...headers, cookie: cookieOf(browser) },
  })
}

describe.each(foreign)('a request from %s', (_what, headersOf) => {
  test('reads, judges, sends and changes nothing, whether the victim is pending or in', async () => {
    const pending = await app.login('alice')
    const before = await rowOf(app.store, '1')
    app.clock.advance(60)
    const headers = headersOf(new URL(app.url))
    for (const request of requests) {
      const answer = await send(pending, request, headers)
      expect([request[1], answer.status]).toEqual([request[1], 403])
      expect(answer.text).toContain('cross_site_request')
    }
    expect(await rowOf(app.store, '1')).toEqual(before)
    expect(app.inbox.inbox()).toHaveLength(1)
    expect(await isIn(pending)).toBe(false)

    const passed = await passedBrowser(app, 'bob')
    for (const request of requests) {
      expect((await send(passed, request, headers)).status).toBe(403)
    }
    expect(app.inbox.inbox()).toHaveLength(2)
    expect(await isIn(passed)).toBe(true)
  })
})

test.each([
  ['its own page', (own: URL) => ({ origin: own.origin, 'sec-fetch-site': 'same-origin' })],
  ['its own page, old browser', (own: URL) => ({ origin: own.origin })],
  ['a trusted origin, old browser', () => ({ origin: 'https://shop.example' })],
  ['the person themselves', () => ({ 'sec-fetch-site': 'none' })],
  ['no browser', () => ({})],
])('a code sent from %s is judged', async (_what, headersOf) => {
  const alice = await app.login('alice')
  const [first] = requests
  if (first === undefined) throw new Error('no request')
  const answer = await send(alice, first, { ...headersOf(new URL(app.url)), accept: 'text/html' })
  expect(answer.status).toBe(303)
})

test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'OPTIONS', 'QUERY'])(
  '%s changes nothing at any endpoint',
  async (method) => {
    const alice = await app.login('alice')
    const before = await rowOf(app.store, '1')
    app.clock.advance(60)
    const code = app.codeFor('alice')
    for (const path of ['verify', 'challenge', 'phone', 'phone/verify']) {
      const answer = await rawRequest(app.url, {
        ...{ method, path: `/second-factor/${path}?code=${code}&phone=%2B14155550199` },
        headers: { cookie: cookieOf(alice), 'x-http-method-override': 'POST' },
      })
      expect(answer.status).toBe(405)
      expect(answer.headers.allow).toMatch(/POST/)
    }
    expect(await rowOf(app.store, '1')).toEqual(before)
    expect(app.inbox.inbox()).toHaveLength(1)
  },
)

test('no response can be read by another origin', async () => {
  const alice = await app.login('alice')
  const asked = {
    origin: 'https://evil.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
    cookie: cookieOf(alice),
  }
  for (const method of ['OPTIONS', 'GET', 'POST']) {
    for (const path of ['/second-factor/', '/second-factor/verify', '/account']) {
      const { headers } = await rawRequest(app.url, { method, path, headers: asked })
      expect(Object.keys(headers).join()).not.toContain('access-control')
    }
  }
})

test('no page of the second factor can be framed, cached or made to load foreign resources', async () => {
  const alice = await app.login('alice')
  await alice.submit('/second-factor/verify', { code: '1' })
  const pages = [
    await alice.page('/second-factor/'),
    await alice.page('/second-factor/'),
    await (await app.login('carol')).page('/second-factor/'),
    await app.browser().submit('/second-factor/verify'),
    await alice.ask('/second-factor/verify', { method: 'PUT', headers: { accept: 'text/html' } }),
  ]
  for (const { headers } of pages) {
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})
