/** Behind a proxy that strips a prefix from the path, people still find every page and their way back. */

import { afterEach, describe, expect, test } from 'vitest'

import { ConfigurationError, type SecondFactorOptions } from '../../src/index.js'
import { startTestApp, type TestApp, type TestUser } from '../support/app.js'
import { Browser } from '../support/browser.js'
import { rawRequest } from '../support/raw-request.js'
import { startStrippingProxy, type StrippingProxy } from '../support/stripping-proxy.js'

let app: TestApp
let proxy: StrippingProxy
afterEach(async () => {
  await proxy.close()
  await app.close()
})

async function start(options: Partial<SecondFactorOptions<TestUser>>): Promise<Browser> {
  app = await startTestApp({
    secondFactor: { defaultReturnTo: '/account', logoutPath: '/leave', ...options },
    routes(server, secondFactor) {
      server.get('/form', secondFactor.gate(), (req, res) => {
        res.json({ kept: secondFactor.keptFields(req) })
      })
      const step = secondFactor.gate({ maxAgeSeconds: 300, keepFields: ['to'] })
      server.post('/form', step, (_req, res) => res.json({ done: true }))
      server.use(secondFactor.gate())
      server.post('/leave', (_req, res) => res.send('leaving'))
    },
  })
  proxy = await startStrippingProxy(app.url, '/app')
  return new Browser(proxy.url)
}

const logIn = (browser: Browser) =>
  browser.post('/app/login', { username: 'alice', password: 'password' })

const submitCode = (browser: Browser) =>
  browser.submit('/app/second-factor/verify', { code: app.codeFor('alice') })

describe.each<[string, Partial<SecondFactorOptions<TestUser>>]>([
  ['the one setting', { basePath: '/app' }],
  ['the setting with a slash at its end', { basePath: '/app/' }],
  [
    'paths that are written as browsers see them',
    {
      ...{ basePath: '/app', mountPath: '/app/second-factor', loginPath: '/app/login' },
      ...{ defaultReturnTo: '/app/account', logoutPath: '/app/leave' },
    },
  ],
])('with %s', (_what, options) => {
  test('a person who follows a link gets there by login and code', async () => {
    const alice = await start(options)
    const stopped = await alice.page('/app/account?tab=2')
    expect(stopped.headers.get('location')).toBe('/app/login')
    expect((await logIn(alice)).json['next']).toBe('/app/second-factor/')
    const challenge = await alice.page('/app/second-factor/')
    expect(challenge.text).toContain('action="/app/second-factor/verify"')
    expect(challenge.text).toContain('action="/app/leave"')
    const [, style = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(challenge.text) ?? []
    expect((await alice.page(style)).status).toBe(200)
    expect((await submitCode(alice)).headers.get('location')).toBe('/app/account?tab=2')
    expect((await alice.get('/app/account?tab=2')).json['account']).toBe('alice')
  })

  test('a person without a return path arrives at the default page', async () => {
    const alice = await start(options)
    await logIn(alice)
    expect((await submitCode(alice)).headers.get('location')).toBe('/app/account')
  })

  test('a form interrupted by a step-up is filled in again', async () => {
    const alice = await start(options)
    await logIn(alice)
    await submitCode(alice)
    app.clock.advance(301)
    const headers = {
      ...{ accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      ...{ referer: `${proxy.url}/app/form?draft=1`, 'sec-fetch-site': 'same-origin' },
    }
    await alice.ask('/app/form', { method: 'POST', headers, body: 'to=bob' })
    await alice.submit('/app/second-factor/challenge')
    expect((await submitCode(alice)).headers.get('location')).toBe('/app/form?draft=1')
    expect((await alice.get('/app/form?draft=1')).json['kept']).toEqual({ to: 'bob' })
    expect((await alice.get('/app/form')).json['kept']).toBeNull()
  })

  test('the logout passes the gate', async () => {
    const alice = await start(options)
    await logIn(alice)
    expect((await alice.submit('/app/leave')).text).toBe('leaving')
  })
})

test.each([
  ['/app//evil.example', '/app/account'],
  ['/app/..//evil.example', '/app/account'],
  ['/app/../other', '/app/other'],
  ['/app/app/account', '/app/app/account'],
])('%s leads back to %s', async (path, returnTo) => {
  const alice = await start({ basePath: '/app' })
  await logIn(alice)
  const cookie = [...alice.cookies].map((pair) => pair.join('=')).join('; ')
  const headers = { cookie, accept: 'text/html' }
  expect((await rawRequest(proxy.url, { method: 'GET', path, headers })).status).toBe(303)
  expect((await submitCode(alice)).headers.get('location')).toBe(returnTo)
})

test.each([
  ['app', /^basePath must be a path/],
  ['//evil', /^basePath must be a path/],
  ['https://example.com/app', /^basePath must be a path/],
  ['/app?x=1', /^basePath must be a path without a query/],
  [5, /^basePath must be a path/],
])('%j is not a valid prefix', async (basePath, message) => {
  await start({})
  const made = startTestApp({ secondFactor: { basePath: basePath as string } })
  await expect(made).rejects.toThrow(message)
  await expect(made).rejects.toBeInstanceOf(ConfigurationError)
})
