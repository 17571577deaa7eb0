/**
 * The attacker asks for the victim's code with a forged `Host` or proxy header, so that links and messages name the
 * attacker's site. Nothing this package produces may contain a host.
 */

import { afterEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { cookieOf } from '../support/in-or-out.js'
import { rawRequest } from '../support/raw-request.js'

let app: TestApp
afterEach(() => app.close())

const evil = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-server': 'evil.example',
  'x-forwarded-proto': 'gopher',
  'x-host': 'evil.example',
  'x-original-url': '/evil.example',
  'x-rewrite-url': '/evil.example',
  forwarded: 'host=evil.example;proto=gopher',
  referer: 'https://evil.example/',
}

describe.each([false, true])('with `trust proxy` %s', (trusts) => {
  test('no message, link, redirect or response contains a host the client sent', async () => {
    app = await startTestApp({ before: (server) => server.set('trust proxy', trusts) })
    const alice = await app.login('alice')
    app.clock.advance(30)
    const ask = (method: string, path: string, accept: string, body?: string) => {
      const headers = { ...evil, cookie: cookieOf(alice), accept }
      const type = { 'content-type': 'application/json' }
      const sent = body === undefined ? { headers } : { headers: { ...headers, ...type }, body }
      return rawRequest(app.url, { method, path, ...sent })
    }
    const answers = [
      await ask('POST', '/second-factor/challenge', 'application/json', '{}'),
      await ask('GET', '/account', 'application/json'),
      await ask('GET', '/account', 'text/html'),
      await ask('GET', '/second-factor/', 'text/html'),
      await ask('PUT', '/second-factor/verify', 'text/html'),
      await ask('POST', '/second-factor/challenge', 'application/json', '{}'),
      await ask('POST', '/second-factor/verify', 'application/json', '{"code":"12"}'),
      await ask(
        'POST',
        '/second-factor/verify',
        'application/json',
        JSON.stringify({ code: app.codeFor('alice') }),
      ),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 403, 303, 200, 405, 429, 400, 200])
    for (const { headers, text } of answers) {
      expect(JSON.stringify(headers) + text).not.toMatch(/evil\.example|gopher/)
    }
    expect(answers[2]?.headers.location).toBe('/second-factor/')
    expect(JSON.stringify(app.inbox.inbox())).not.toContain('evil')
  })
})
