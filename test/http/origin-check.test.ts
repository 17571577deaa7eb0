/** Requests that another site makes a browser send: refused by the origin headers that the browser adds. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { expectProblem, expectRefusalPage } from '../support/problem.js'
import { rawRequest } from '../support/raw-request.js'

let app: TestApp
let alice: Browser
/** The application's own origin, host and port as the test server has them. */
let host: string
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: { origins: ['https://app.example', 'http://localhost:8080'] },
    routes: (express, secondFactor) => {
      express.all('/own', secondFactor.sameOrigin(), (_req, res) => {
        res.json({ done: true })
      })
    },
  })
  alice = await app.login('alice')
  host = new URL(app.url).host
})
afterEach(() => app.close())

/** Asks for a code, which is answered with 429 where the origin is trusted. */
async function statusWith(headers: Record<string, string>): Promise<number> {
  const cookie = [...alice.cookies].map((pair) => pair.join('=')).join('; ')
  const answer = await rawRequest(app.url, {
    method: 'POST',
    path: '/second-factor/challenge',
    headers: { cookie, ...headers },
  })
  return answer.status
}

describe('Sec-Fetch-Site decides if it is present', () => {
  test.each([
    ['same-origin', 429],
    ['none', 429],
    ['same-site', 403],
    ['cross-site', 403],
    ['something-new', 403],
    ['', 403],
  ])('%s: %i', async (site, status) => {
    expect(await statusWith({ 'sec-fetch-site': site })).toBe(status)
  })

  test('decides whatever the Origin says', async () => {
    const [trusted, foreign] = [
      { origin: 'https://app.example' },
      { origin: 'https://evil.example' },
    ]
    expect(await statusWith({ 'sec-fetch-site': 'cross-site', ...trusted })).toBe(403)
    expect(await statusWith({ 'sec-fetch-site': 'same-site', origin: app.url })).toBe(403)
    expect(await statusWith({ 'sec-fetch-site': 'same-origin', ...foreign })).toBe(429)
  })
})

describe('without Sec-Fetch-Site the Origin decides', () => {
  test('a request without an Origin is not from a browser', async () => {
    expect(await statusWith({})).toBe(429)
  })

  test.each<[string, () => string, number]>([
    ['the own host and port', () => `http://${host}`, 429],
    ['the own host behind TLS', () => `https://${host}`, 429],
    ['the own host at another port', () => 'http://127.0.0.1:1', 403],
    ['the own host without a port', () => 'http://127.0.0.1', 403],
    ['another name of the own host', () => `http://localhost:${host.split(':')[1] ?? ''}`, 403],
    ['a configured origin', () => 'https://app.example', 429],
    ['a configured origin with its port', () => 'https://app.example:443', 429],
    ['a configured origin in capitals', () => 'HTTPS://APP.EXAMPLE', 429],
    ['a configured port', () => 'http://localhost:8080', 429],
    ['a configured host with another scheme', () => 'http://app.example', 403],
    ['a configured host with another port', () => 'https://app.example:8443', 403],
    ['a host that ends alike', () => 'https://evil-app.example', 403],
    ['a host below', () => 'https://evil.app.example', 403],
    ['a host that begins alike', () => 'https://app.example.evil.example', 403],
    ['a user that looks alike', () => 'https://app.example@evil.example', 403],
    ['null', () => 'null', 403],
    ['nothing', () => '', 403],
    ['no URL', () => 'app.example', 403],
    ['another scheme', () => `ftp://${host}`, 403],
    ['a file', () => 'file://', 403],
    ['an extension', () => 'chrome-extension://abcdefgh', 403],
    ['two', () => `https://app.example, https://evil.example`, 403],
  ])('%s', async (_name, origin, status) => {
    expect(await statusWith({ origin: origin() })).toBe(status)
  })

  test('a page cannot forge the Host as well, because its browser sets both', async () => {
    const headers = { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }
    expect(await statusWith(headers)).toBe(403)
  })
})

describe('every state change is guarded', () => {
  test.each([
    ['POST', '/second-factor/challenge'],
    ['DELETE', '/second-factor/challenge'],
    ['POST', '/second-factor/verify'],
    ['POST', '/second-factor/phone'],
    ['POST', '/second-factor/phone/verify'],
    ['POST', '/own'],
    ['PUT', '/own'],
    ['DELETE', '/own'],
  ])('%s %s', async (method, path) => {
    const row = await app.store.read('1')
    const headers = { accept: 'application/json', 'sec-fetch-site': 'cross-site' }
    expectProblem(await alice.ask(path, { method, headers }), 'cross_site_request')
    expect(await app.store.read('1')).toEqual(row)
  })

  test('before the login is checked', async () => {
    const headers = { accept: 'application/json', origin: 'https://evil.example' }
    const answer = await app.browser().ask('/second-factor/verify', { method: 'POST', headers })
    expectProblem(answer, 'cross_site_request')
  })
})

test('a link from another site may lead to the page, and to a page of the application', async () => {
  const headers = {
    accept: 'text/html',
    'sec-fetch-site': 'cross-site',
    origin: 'https://e.example',
  }
  expect((await alice.ask('/second-factor/', { headers })).status).toBe(200)
  expect((await alice.ask('/own', { headers })).status).toBe(200)
  expect((await alice.ask('/own', { method: 'HEAD', headers })).status).toBe(200)
})

test('a form from another site gets the refusal as a page', async () => {
  const headers = { accept: 'text/html', 'sec-fetch-site': 'cross-site' }
  const answer = await alice.ask('/second-factor/challenge', { method: 'POST', headers })
  expectRefusalPage(
    answer,
    'cross_site_request',
    'We blocked this because it came from another website.',
  )
})
