/** The return path is always a path of this origin, whatever a client asks for. */

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import type { Browser } from '../support/browser.js'
import { rawRequest } from '../support/raw-request.js'

let app: TestApp
let alice: Browser
beforeEach(async () => {
  app = await startTestApp({
    routes: (express, secondFactor) => {
      express.post('/poison', (req, res) => {
        Object.assign(req.session.secondFactor ?? {}, { returnTo: req.get('x-return-to') })
        res.sendStatus(204)
      })
      express.use(secondFactor.gate())
    },
  })
  alice = await app.login('alice')
})
afterEach(() => app.close())

const pass = () => alice.post('/second-factor/verify', { code: app.codeFor('alice') })

/** Has the gate turn a request away whose target is exactly this. */
async function turnedAway(target: string): Promise<void> {
  const cookie = [...alice.cookies].map((pair) => pair.join('=')).join('; ')
  const headers = { cookie, accept: 'text/html' }
  const answer = await rawRequest(app.url, { method: 'GET', path: target, headers })
  expect([answer.status, answer.headers.location]).toEqual([303, '/second-factor/'])
}

test.each([
  '/account',
  '/account?tab=2&next=%2F%2Fevil.example',
  '/a%20b/%C3%A9?q=%0a%0d',
  '/account?url=https://evil.example/',
  '/.hidden/~user/;x=1',
])('a pass leads back to %s', async (target) => {
  await turnedAway(target)
  expect((await pass()).json['returnTo']).toBe(target)
})

test.each([
  '//evil.example/',
  '///evil.example',
  '/\\evil.example',
  '/\\/evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/.//evil.example',
  'http://evil.example/',
  '/a\\..\\..\\/evil.example',
])('%s is not a return path', async (target) => {
  await turnedAway(target)
  expect((await pass()).json['returnTo']).toBe('/account')
})

test('the last requested page wins', async () => {
  await turnedAway('/first')
  await turnedAway('/second')
  expect((await pass()).json['returnTo']).toBe('/second')
  expect((await pass()).json['returnTo']).toBe('/second')
})

describe('no field of a request sets the return path', () => {
  const names = ['returnTo', 'return_to', 'next', 'redirect', 'url', 'successRedirect']
  const query = names.map((name) => `${name}=//evil.example`).join('&')

  test('not in the query', async () => {
    await alice.page(`/second-factor/?${query}`)
    const path = `/second-factor/verify?${query}`
    const answer = await alice.submit(path, { code: app.codeFor('alice') })
    expect(answer.headers.get('location')).toBe('/account')
  })

  test('not in the body', async () => {
    const fields = Object.fromEntries(names.map((name) => [name, '/elsewhere']))
    const answer = await alice.post('/second-factor/verify', {
      ...fields,
      code: app.codeFor('alice'),
    })
    expect(answer.json['returnTo']).toBe('/account')
  })

  test('not the Host or the Referer', async () => {
    const cookie = [...alice.cookies].map((pair) => pair.join('=')).join('; ')
    const headers = {
      cookie,
      accept: 'text/html',
      host: 'evil.example',
      referer: 'https://e.example',
    }
    const answer = await rawRequest(app.url, { method: 'GET', path: '/account', headers })
    expect(answer.headers.location).toBe('/second-factor/')
    expect((await pass()).json['returnTo']).toBe('/account')
  })
})

test('a return path too long for a cookie is dropped', async () => {
  await turnedAway(`/${'a'.repeat(2048)}`)
  expect((await pass()).json['returnTo']).toBe('/account')
})

test.each([
  'https://evil.example/',
  'https:evil.example',
  'javascript:alert(1)',
  '\\\\evil.example',
  '/\tevil',
  'account',
])('%s is not a return path even if the application put it into the session', async (target) => {
  const headers = { 'x-return-to': target }
  expect((await alice.ask('/poison', { method: 'POST', headers })).status).toBe(204)
  expect((await pass()).json['returnTo']).toBe('/account')
})

test('a refused program leaves no return path', async () => {
  await alice.get('/from-a-program')
  expect((await pass()).json['returnTo']).toBe('/account')
})
