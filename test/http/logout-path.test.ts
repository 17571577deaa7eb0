/** A person without a code can always leave: the logout that the pages offer is never behind the gate. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { rawRequest } from '../support/raw-request.js'

let app: TestApp
let alice: Browser
beforeEach(async () => {
  app = await startTestApp({
    secondFactor: { logoutPath: '/leave' },
    routes(server, secondFactor) {
      server.use(secondFactor.gate({ maxAgeSeconds: 300 }))
      server.get('/leave', (_req, res) => res.send('Do you want to leave?'))
      server.post('/leave', (req, res, next) => {
        req.logout((error: unknown) => {
          if (error) next(error)
          else res.redirect(303, '/login')
        })
      })
      server.use((_req, res) => res.send('behind the gate'))
    },
  })
  alice = await app.login('alice')
})
afterEach(() => app.close())

const cookie = () => [...alice.cookies].map((pair) => pair.join('=')).join('; ')

test('the button on the page works although the logout is below the gate', async () => {
  expect((await alice.page('/second-factor/')).text).toContain('action="/leave"')
  const answer = await alice.submit('/leave')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/login'])
  expect((await alice.get('/profile')).json['user']).toBeNull()
})

test.each(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH'])('%s passes', async (method) => {
  const { status } = await rawRequest(app.url, {
    method,
    path: '/leave',
    headers: { cookie: cookie() },
  })
  expect(status).toBeLessThan(400)
})

test('passes with a query or a trailing slash, for an expired login, and without a login', async () => {
  expect((await alice.page('/leave?from=phone')).text).toContain('leave?')
  expect((await alice.page('/leave/')).text).toContain('leave?')
  app.clock.advance(10_000)
  expect((await alice.page('/leave')).text).toContain('leave?')
  expect((await app.browser().page('/leave')).text).toContain('leave?')
})

describe('no other path passes', () => {
  test.each([
    ...['/', '/leaves', '/leave/x', '/leave;x', '/leave//', '//leave', '/x/../leave', '/leave%2fx'],
    ...['/leave%3f', '/account?/leave', '/leave#/../account', '/account#/leave', '/x?a=/leave'],
  ])('%s', async (path) => {
    const headers = { cookie: cookie(), accept: 'application/json' }
    const answer = await rawRequest(app.url, { method: 'GET', path, headers })
    expect([answer.status, answer.text]).toEqual([
      403,
      expect.stringContaining('second_factor_required'),
    ])
  })
})

test.each(['/leave', '/leave?x=1', '/leave/', '/LEAVE', '/l%65ave', '/Leave/?y'])(
  'a person who came from %s is not logged out again after the code',
  async (path) => {
    await alice.page('/page')
    await alice.page(path)
    const referer = app.url + path
    const headers = { accept: 'text/html', referer, 'sec-fetch-site': 'same-origin' }
    await alice.ask('/form', { method: 'POST', headers })
    const { json } = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect(['/page', '/account']).toContain(json['returnTo'])
  },
)

test('without logoutPath nothing passes', async () => {
  await app.close()
  app = await startTestApp({
    routes(server, secondFactor) {
      server.use(secondFactor.gate())
    },
  })
  alice = await app.login('alice')
  expect((await alice.post('/leave')).status).toBe(403)
})
