/** A single-page application on another host or port can use the JSON endpoints, and nothing else of it. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { ConfigurationError, type OriginOptions } from '../../src/index.js'
import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { cookieOf } from '../support/in-or-out.js'
import { rawRequest } from '../support/raw-request.js'

let app: TestApp
let alice: Browser
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: {
      users: {
        id: (user) => user.id,
        phone: (user) => user.phone,
        findByPhone: () => null,
        setVerifiedPhone: () => undefined,
      },
      origins: [
        ...['https://app.example.com', 'http://localhost:5173'],
        { origin: 'https://front.example.net', crossSite: true },
      ],
    },
    before(server) {
      // The headers of the application's own CORS middleware, above everything else.
      server.use((req, res, next) => {
        res.set('Access-Control-Allow-Origin', req.get('origin') ?? '*')
        res.vary('Origin')
        next()
      })
    },
    routes(server, secondFactor) {
      server.post('/own', secondFactor.sameOrigin(), (_req, res) => res.json({ done: true }))
      server.post('/confirm', secondFactor.authenticate(), (_req, res) => res.json({ done: true }))
    },
  })
  alice = await app.login('alice')
})
afterEach(() => app.close())

const cors = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
const json = { ...cors, 'content-type': 'application/json', accept: 'application/json' }

const post = (path: string, headers: Record<string, string>, body = '{}', method = 'POST') =>
  rawRequest(app.url, { method, path, body, headers: { ...headers, cookie: cookieOf(alice) } })

const sibling = { origin: 'https://app.example.com', 'sec-fetch-site': 'same-site' }
const vite = { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' }
const front = { origin: 'https://front.example.net', 'sec-fetch-site': 'cross-site' }

describe.each([
  ['a sibling host', sibling],
  ['another port', vite],
  ['another site that is listed as one', front],
  ['another site that is listed as one, in an old browser', { origin: front.origin }],
  [
    'a host that is listed as another site, and is none',
    { ...front, 'sec-fetch-site': 'same-site' },
  ],
])('a script of %s', (_what, from) => {
  test('signs in with a code and reads the response', async () => {
    const code = app.codeFor('alice')
    const answer = await post(
      '/second-factor/verify',
      { ...json, ...from },
      JSON.stringify({ code }),
    )
    expect(answer.status).toBe(200)
    expect(answer.headers['access-control-allow-origin']).toBe(from.origin)
    expect(answer.headers.vary).toContain('Origin')
  })

  test('reads refusals too', async () => {
    const answer = await post('/second-factor/verify', { ...json, ...from }, '{"code":"1"}')
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'malformed_request' })
    expect(answer.headers['access-control-allow-origin']).toBe(from.origin)
    const gate = await post('/transfer', { ...json, ...from })
    expect(JSON.parse(gate.text)).toMatchObject({ code: 'second_factor_required' })
    expect(gate.headers['access-control-allow-origin']).toBe(from.origin)
  })

  test('can use every endpoint, with or without a body', async () => {
    const { 'content-type': _type, ...bare } = json
    expect((await post('/second-factor/challenge', { ...bare, ...from }, '')).status).toBe(429)
    expect((await post('/own', { ...json, ...from })).status).toBe(200)
    expect(
      (await post('/second-factor/challenge', { ...bare, ...from }, '', 'DELETE')).status,
    ).toBe(204)
  })

  test('cannot send what a form could', async () => {
    const code = app.codeFor('alice')
    for (const type of [
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded; charset=utf-8',
      'multipart/form-data; boundary=x',
      'text/plain',
      'text/plain; x=application/json',
    ]) {
      const headers = { ...json, ...from, 'content-type': type }
      for (const path of [
        '/second-factor/verify',
        '/second-factor/challenge',
        '/own',
        '/confirm',
      ]) {
        // Without Sec-Fetch-Site an origin of this application's own counts for forms as well.
        if (!('sec-fetch-site' in from) && from.origin !== front.origin) continue
        expect((await post(path, headers, `code=${code}`)).status).toBe(403)
      }
    }
    const navigation = { ...json, ...from, 'sec-fetch-mode': 'navigate' }
    expect((await post('/own', navigation)).status).toBe(403)
  })
})

test.each<[string, Record<string, string>]>([
  ['a sibling that is not listed', { ...sibling, origin: 'https://blog.example.com' }],
  ['a sibling that hides its origin', { ...sibling, origin: 'null' }],
  ['a sibling that names no origin', { 'sec-fetch-site': 'same-site' }],
  ['a sibling over plain http', { ...sibling, origin: 'http://app.example.com' }],
  ['a listed origin that the browser calls another site', { ...front, origin: sibling.origin }],
  ['another site that is not listed', { ...front, origin: 'https://evil.example' }],
  ['another port of a listed host', { ...vite, origin: 'http://localhost:5174' }],
])('a script of %s is refused', async (_what, from) => {
  const code = app.codeFor('alice')
  const answer = await post('/second-factor/verify', { ...json, ...from }, JSON.stringify({ code }))
  expect(JSON.parse(answer.text)).toMatchObject({ code: 'cross_site_request' })
  expect((await post('/own', { ...json, ...from })).status).toBe(403)
})

describe('a preflight', () => {
  const preflight = {
    ...{ origin: sibling.origin, 'access-control-request-method': 'POST' },
    ...{ 'access-control-request-headers': 'content-type', 'sec-fetch-mode': 'cors' },
  }
  const ask = (path: string, headers: Record<string, string> = preflight) =>
    rawRequest(app.url, { method: 'OPTIONS', path, headers })

  test.each(['/account', '/behind', '/second-factor/verify', '/second-factor/', '/otp/verify/'])(
    'is answered by the application’s CORS middleware below the gate at %s',
    async (path) => {
      app.app.use('/otp', app.secondFactor.phoneVerificationRouter())
      app.app.use(app.secondFactor.gate())
      app.app.options(/.*/, (_req, res) => {
        res.set('Access-Control-Allow-Methods', 'POST').sendStatus(204)
      })
      const answer = await ask(path)
      expect([answer.status, answer.headers['access-control-allow-methods']]).toEqual([204, 'POST'])
      expect(answer.headers['access-control-allow-origin']).toBe(sibling.origin)
    },
  )

  test('gets the supported methods from the router if it is a plain OPTIONS request', async () => {
    expect((await ask('/second-factor/verify', {})).headers.allow).toBe('POST')
  })
})

test.each<[unknown, RegExp]>([
  [{ origin: 'https://a.example/app' }, /^origins holds "https:\/\/a\.example\/app"/],
  [{ origin: 5 }, /^origins holds 5/],
  [{}, /^origins holds undefined/],
  [null, /^origins holds null/],
  [
    { origin: 'https://a.example', crossSite: 'yes' },
    /^origins: crossSite of https:\/\/a\.example/,
  ],
  [{ origin: 'https://a.example', crosSite: true }, /^origins: crosSite is not an option/],
])('%j is no entry', async (entry, message) => {
  const made = startTestApp({ secondFactor: { origins: [entry as OriginOptions] } })
  await expect(made).rejects.toThrow(message)
  await expect(made).rejects.toBeInstanceOf(ConfigurationError)
})
