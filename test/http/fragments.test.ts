/**
 * Requests a page makes by itself (fetch, htmx, Turbo): they get a refusal they can handle, and never become the
 * return path.
 */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { expectProblem } from '../support/problem.js'
import { rawRequest } from '../support/raw-request.js'

const challengeUrl = '/second-factor/'
const html = 'text/html,application/xhtml+xml,*/*;q=0.8'

let app: TestApp
let alice: Browser
beforeEach(async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      const gate = secondFactor.gate()
      server.get(['/page', '/part'], gate, (_req, res) => res.send('in'))
      server.post('/part', gate, (_req, res) => res.send('in'))
      const step = secondFactor.gate({ maxAgeSeconds: 300, keepFields: ['to'] })
      server.all('/pay', step, (req, res) => res.json({ kept: secondFactor.keptFields(req) }))
      server.get('/form', gate, (req, res) => res.json({ kept: secondFactor.keptFields(req) }))
    },
  })
  alice = await app.login('alice')
})
afterEach(() => app.close())

const cookieOf = (browser: Browser) => [...browser.cookies].map((pair) => pair.join('=')).join('; ')

/** A request exactly with these headers; Node's own client would add some. */
const ask = (headers: Record<string, string>, method = 'GET', path = '/part', who = alice) =>
  rawRequest(app.url, {
    method,
    path,
    headers: { accept: html, cookie: cookieOf(who), ...headers },
  })

const pass = () => alice.post('/second-factor/verify', { code: app.codeFor('alice') })

const navigation = {
  ...{ 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate', 'sec-fetch-user': '?1' },
  'sec-fetch-site': 'same-origin',
}

describe.each<[string, Record<string, string>]>([
  ['fetch', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }],
  ['fetch of its own origin alone', { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'same-origin' }],
  ['jQuery', { 'x-requested-with': 'XMLHttpRequest' }],
  ['a library that says fetch', { 'x-requested-with': 'fetch' }],
  ['an iframe', { 'sec-fetch-dest': 'iframe', 'sec-fetch-mode': 'navigate' }],
  ['a frame', { 'sec-fetch-dest': 'frame', 'sec-fetch-mode': 'navigate' }],
  ['an embedded object', { 'sec-fetch-dest': 'object', 'sec-fetch-mode': 'navigate' }],
  ['a picture', { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' }],
  ['an old browser that names no destination', { 'sec-fetch-mode': 'no-cors' }],
  ['htmx', { 'hx-request': 'true' }],
  ['a Turbo frame', { 'turbo-frame': 'cart', 'x-turbo-request-id': '1' }],
  ['Turbo', { 'x-turbo-request-id': '1' }],
  ['Turbolinks', { 'turbolinks-referrer': 'http://127.0.0.1/' }],
  ['Unpoly', { 'x-up-version': '3.0.0' }],
  ['pjax', { 'x-pjax': 'true' }],
  ['a prefetch', { ...navigation, 'sec-purpose': 'prefetch' }],
  ['a prerendering', { ...navigation, 'sec-purpose': 'prefetch;prerender' }],
  ['a prefetch of an older browser', { purpose: 'prefetch' }],
  ['a preview', { 'x-purpose': 'preview' }],
  ['a prefetch of an older Firefox', { 'x-moz': 'prefetch' }],
])('%s', (_what, headers) => {
  test('gets a problem with the next address, and does not become the return path', async () => {
    await alice.page('/page?tab=2')
    const answer = await ask(headers)
    expect(answer.status).toBe(403)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'second_factor_required', challengeUrl })
    expect((await pass()).json['returnTo']).toBe('/page?tab=2')
  })

  test('gets one without a login too, and leaves nothing behind', async () => {
    const nobody = app.browser()
    const answer = await ask(headers, 'GET', '/part', nobody)
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'login_required' })
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  test('is not redirected by the router without a login either', async () => {
    expect((await ask(headers, 'GET', '/second-factor/', app.browser())).status).toBe(401)
  })
})

describe.each<[string, Record<string, string>]>([
  ['a browser that says so', navigation],
  ['a browser that says nothing of itself', {}],
  ['a web view of Android', { 'x-requested-with': 'com.example.app' }],
  ['a browser that names no destination', { 'sec-fetch-mode': 'navigate' }],
  ['a link of another site', { ...navigation, 'sec-fetch-site': 'cross-site' }],
])('%s', (_what, headers) => {
  test('is led to the challenge and back to where the person was going', async () => {
    const answer = await ask(headers, 'GET', '/part?q=1')
    expect([answer.status, answer.headers.location]).toEqual([303, challengeUrl])
    expect((await pass()).json['returnTo']).toBe('/part?q=1')
  })
})

describe('htmx', () => {
  const headers = () => ({ 'hx-request': 'true', 'hx-current-url': `${app.url}/form?tab=2` })

  test('navigates the whole page to the challenge or the login', async () => {
    expect((await ask(headers())).headers['hx-redirect']).toBe(challengeUrl)
    const nobody = await ask(headers(), 'GET', '/part', app.browser())
    expect(nobody.headers['hx-redirect']).toBe('/login')
    expect((await ask({}, 'POST')).headers['hx-redirect']).toBeUndefined()
  })

  test('asks for a fresh code at a step-up, and leads back to its page', async () => {
    await pass()
    app.clock.advance(301)
    const body = 'to=bob'
    const answer = await rawRequest(app.url, {
      ...{ method: 'POST', path: '/pay', body },
      headers: {
        ...{ accept: 'text/html, */*', 'content-type': 'application/x-www-form-urlencoded' },
        ...{ cookie: cookieOf(alice), ...headers() },
      },
    })
    expect([answer.status, answer.headers['hx-redirect']]).toEqual([403, challengeUrl])
    expect((await alice.page(challengeUrl)).text).toContain('enter a new code')
    await alice.post('/second-factor/challenge')
    expect((await pass()).json['returnTo']).toBe('/form?tab=2')
    expect((await alice.get('/form?tab=2')).json['kept']).toEqual({ to: 'bob' })
  })

  test('does not become the return path by polling, whatever page it polls from', async () => {
    await alice.page('/page')
    await ask(headers())
    expect((await pass()).json['returnTo']).toBe('/page')
  })
})

test('a background request does not discard what was typed', async () => {
  const form = {
    ...{ accept: html, 'content-type': 'application/x-www-form-urlencoded' },
    ...{ referer: `${app.url}/form`, 'sec-fetch-site': 'same-origin' },
  }
  await alice.ask('/pay', { method: 'POST', headers: form, body: 'to=bob' })
  await pass()
  await ask({ 'x-requested-with': 'XMLHttpRequest' }, 'GET', '/pay')
  expect((await alice.get('/form')).json['kept']).toEqual({ to: 'bob' })
})

test('a form sent by Turbo is redirected as Turbo expects', async () => {
  const headers = { 'x-turbo-request-id': '1', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }
  const answer = await ask({ ...headers, 'sec-fetch-site': 'same-origin' }, 'POST')
  expect([answer.status, answer.headers.location]).toEqual([303, challengeUrl])
})

test('a program gets the usual response', async () => {
  expectProblem(await alice.get('/part'), 'second_factor_required', { challengeUrl })
})
