/**
 * The attacker knows the password, and one path is exempt from the gate above all routes. Every spelling that a
 * router, a proxy or a file server could read as a different path than the gate does is tried: none opens a path that
 * is not exempt.
 */

import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { cookieOf, passedBrowser } from '../support/in-or-out.js'
import { sendLine } from '../support/raw-socket.js'

const secret = 'behind the gate'

let app: TestApp
let pending: Browser
let passed: Browser
beforeAll(async () => {
  app = await startTestApp({
    routes(server, secondFactor) {
      // As a server that rewrites addresses, or a careless middleware, does above the gate.
      server.use((req, _res, next) => {
        const rewritten = req.get('x-rewrite-url')
        if (rewritten !== undefined) req.url = rewritten
        next()
      })
      const except = ['/leave', '/shop/leave', '/shop', '/assets/*', '/dotted.page']
      server.use(secondFactor.gate({ anonymous: 'pass', except }))
      server.get('/leave', (_req, res) => res.set('x-open', 'yes').send('open'))
      const shop = express.Router()
      shop.get('/leave', (_req, res) => res.set('x-open', 'yes').send('open'))
      shop.get('/', (_req, res) => res.set('x-open', 'yes').send('open'))
      shop.use((_req, res) => res.set('x-secret', secret).send(secret))
      server.use('/shop', shop)
      server.get('/assets/app.css', (_req, res) => res.set('x-open', 'yes').send('open'))
      server.get('/assets/:folder/app.css', (_req, res) => res.set('x-open', 'yes').send('open'))
      server.get('/dotted.page', (_req, res) => res.set('x-open', 'yes').send('open'))
      server.use((_req, res) => {
        res.set('x-secret', secret).send(secret)
      })
    },
  })
  passed = await passedBrowser(app, 'bob')
  pending = await app.login('alice')
})
afterAll(() => app.close())

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']

async function expectShut(path: string, headers: Record<string, string> = {}): Promise<void> {
  for (const method of methods) {
    const answer = await sendLine(app.url, method, path, { ...headers, cookie: cookieOf(pending) })
    expect([method, answer.headers.get('x-secret')]).toEqual([method, undefined])
    expect([method, answer.status]).toEqual([method, 403])
  }
}

test.each([
  ...['/leave', '/leave?x=1', '/leave?', '/shop', '/shop?x', '/shop/leave', '/dotted.page'],
  ...['/assets/app.css', '/assets/css/app.css', '/assets/app.css?v=/leave'],
])('a pending login reaches the exempt path %s', async (path) => {
  const answer = await sendLine(app.url, 'GET', path, { cookie: cookieOf(pending) })
  expect([answer.status, answer.headers.get('x-open')]).toEqual([200, ['yes']])
})

describe('another spelling of an excepted path', () => {
  test.each([
    ...['/Leave', '/LEAVE', '/leave/', '/leave//', '//leave', '/./leave', '/x/../leave'],
    ...['/l%65ave', '/leave%2f', '/leave%00', '/leave%20', '/leave%0a', '/leave;x', '/leave.json'],
    ...[
      '/leave%3f',
      '/leave#',
      '/leave#/x',
      '/leave\\',
      '/leaves',
      '/leave/x',
      '/leave/../account',
    ],
    ...['/shop/', '/SHOP', '/Shop/leave', '/shop/leave/', '/shop//leave', '/shop/./leave'],
    ...['/shop/leave/..', '/shop/../account', '/shop%2fleave', '/dottedxpage', '/x?/leave'],
    ...['http://127.0.0.1/leave', 'http://evil.example/leave', '/account?/leave', '/?path=/leave'],
  ])('%s stays shut, for every method', (path) => expectShut(path))
})

describe('a path that leaves an excepted folder', () => {
  test.each([
    ...['/assets', '/assets/', '/assets/..', '/assets/../account', '/assets/./../account'],
    ...['/assets/x/../../account', '/assets/..%2faccount', '/assets/%2e%2e/account'],
    ...[
      '/assets/.%2e/account',
      '/assets/%2e%2e%2faccount',
      '/assets/..;/account',
      '/assets//account',
    ],
    ...['/assets/..\\account', '/assets/%5c..%5caccount', '/assets/..%5caccount', '/assets/%00'],
    ...['/assets/app%2ecss', '/ASSETS/app.css', '/assetsx/app.css', '/assets%2fapp.css'],
    ...['/assets/%252e%252e/account', '/assets/a%2f..%2f..%2faccount', '/assets/...%2faccount'],
  ])('%s stays shut, for every method', (path) => expectShut(path))
})

test.each(['/account', '/shop/orders', '/leave/x'])(
  'a URL that a middleware rewrites to %s is not exempt',
  async (rewritten) => {
    await expectShut('/leave', { 'x-rewrite-url': rewritten })
    await expectShut('/assets/app.css', { 'x-rewrite-url': rewritten })
    await expectShut('/shop', { 'x-rewrite-url': rewritten })
  },
)

test('the same requests reach the gated paths with both factors', async () => {
  const reached = []
  for (const path of ['/Leave/x', '/leave;x', '/shop/x', '/assets/..%2faccount', '/leaves']) {
    const answer = await sendLine(app.url, 'GET', path, { cookie: cookieOf(passed) })
    if (answer.headers.get('x-secret') !== undefined) reached.push(path)
  }
  expect(reached).toHaveLength(5)
})
