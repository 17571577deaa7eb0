/**
 * The attacker, with the password alone or nothing, disguises a request as a CORS preflight, because the gate lets
 * preflights through to the application's CORS middleware. Handlers behind the gate that answer every method must not
 * run or leak.
 */

import type { RequestHandler } from 'express'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { cookieOf } from '../support/in-or-out.js'
import { rawRequest } from '../support/raw-request.js'

let app: TestApp
let alice: Browser
let worked: string[]

beforeEach(async () => {
  worked = []
  const answering =
    (answer: (res: Parameters<RequestHandler>[1]) => unknown): RequestHandler =>
    (req, res) => {
      worked.push(req.path)
      answer(res)
    }
  app = await startTestApp({
    routes(server, secondFactor) {
      const gate = secondFactor.gate()
      server.all(
        '/route',
        gate,
        answering((res) => res.send('the secret')),
      )
      server.use(gate)
      server.all(
        '/sent',
        answering((res) => res.send('the secret')),
      )
      server.all(
        '/json',
        answering((res) => res.json({ the: 'secret' })),
      )
      server.all(
        '/written',
        answering((res) => {
          res.write('the secret, ')
          res.end('and more of the secret')
        }),
      )
      server.all(
        '/sized',
        answering((res) => {
          res.set('Content-Length', '10').end('the secret')
        }),
      )
    },
  })
  alice = await app.login('alice')
})
afterEach(() => app.close())

const question = { origin: 'https://evil.example', 'access-control-request-method': 'GET' }

test.each(['/route', '/sent', '/json', '/written', '/sized'])(
  'a preflight to %s reveals nothing of the page',
  async (path) => {
    const answer = await rawRequest(app.url, { method: 'OPTIONS', path, headers: question })
    expect(answer.text).toBe('')
  },
)

test('handlers mounted in the same call as the gate do not run', async () => {
  await rawRequest(app.url, { method: 'OPTIONS', path: '/route', headers: question })
  expect(worked).toEqual([])
})

test.each<[string, () => Record<string, string>, string | undefined]>([
  ['with the cookie of a login', () => ({ ...question, cookie: cookieOf(alice) }), undefined],
  ['with any cookie', () => ({ ...question, cookie: 'a=b' }), undefined],
  ['with a token', () => ({ ...question, authorization: 'Bearer x' }), undefined],
  ['with a body', () => ({ ...question, 'content-length': '10' }), 'to=mallory'],
  ['with a body of unknown length', () => ({ ...question, 'transfer-encoding': 'chunked' }), 'x'],
  ['without the method that it asks for', () => ({ origin: question.origin }), undefined],
  ['without an origin', () => ({ 'access-control-request-method': 'GET' }), undefined],
])('a request %s is judged as any other', async (_what, headers, body) => {
  for (const path of ['/sent', '/route']) {
    const answer = await rawRequest(app.url, {
      ...{ method: 'OPTIONS', path, headers: { accept: 'application/json', ...headers() } },
      ...(body === undefined ? {} : { body }),
    })
    expect([401, 403]).toContain(answer.status)
  }
  expect(worked).toEqual([])
})

test.each(['GET', 'POST', 'HEAD', 'PUT', 'TRACE'])('%s is not a preflight', async (method) => {
  const headers = { ...question, accept: 'application/json' }
  const answer = await rawRequest(app.url, { method, path: '/sent', headers })
  expect(answer.status).toBe(401)
})
