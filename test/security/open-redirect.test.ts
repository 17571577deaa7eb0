/**
 * The attacker sends the victim a link to the application that, after the code, leads to the attacker's site, where
 * the victim types whatever is asked. The return path comes from the request's own URL, so that is what is attacked:
 * it must always lead to a path of this origin, or to the default page.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'
import { cookieOf, passedBrowser, verify } from '../support/in-or-out.js'
import { roomyPolicy } from '../support/misuse.js'
import { sendLine } from '../support/raw-socket.js'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({
    secondFactor: { policy: roomyPolicy },
    routes(server, secondFactor) {
      server.use(secondFactor.gate())
    },
  })
})
afterAll(() => app.close())

const browserLike = { accept: 'text/html,application/xhtml+xml' }

/** The address that a browser at the application would go to. */
function leadsTo(location: string): string {
  expect(location).toMatch(/^\/(?![/\\])/)
  return new URL(location, app.url).origin
}

const targets = [
  'https://evil.example/',
  'http://evil.example/account',
  '//evil.example',
  '//evil.example/account',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/%09/evil.example',
  '/%0a/evil.example',
  '/%0d%0aLocation:%20https://evil.example',
  '/%5Cevil.example',
  '/%2F%2Fevil.example',
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/%2e%2e//evil.example',
  '/a/%2e%2e//evil.example',
  '/a/.%2e/%2fevil.example',
  '/../\\evil.example',
  '/;@evil.example',
  '/@evil.example',
  '/:80@evil.example',
  '/?//evil.example',
  '/#@evil.example',
  '/account#//evil.example',
  '/javascript:alert(1)',
  'javascript:alert(1)',
  'data:text/html,evil',
  'evil.example',
  '*',
  `/${'a'.repeat(3000)}`,
  '/caf\u00e9',
  '/\u00a0/evil.example',
  '/account?next=https://evil.example',
]

describe.each(['GET', 'HEAD'])('%s', (method) => {
  test.each(targets.map((target) => [target.slice(0, 40), target]))(
    'of %j leads nowhere else after the code',
    async (_short, target) => {
      const victim = await app.login('alice')
      const headers = { ...browserLike, cookie: cookieOf(victim) }
      const closed = await sendLine(app.url, method, target, headers)
      for (const location of closed.headers.get('location') ?? []) leadsTo(location)
      expect([...closed.headers.values()].flat().join()).not.toContain('evil.example')
      expect(closed.status === 200).toBe(false)

      const code = app.codeFor('alice')
      const passed = await victim.submit('/second-factor/verify', { code })
      expect(passed.status).toBe(303)
      expect(leadsTo(passed.headers.get('location') ?? '')).toBe(app.url)
      const again = await verify(victim, code)
      expect(leadsTo(String(again.json['returnTo']))).toBe(app.url)
    },
  )
})

test.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/elsewhere',
])('a return path that the client supplies is ignored: %s', async (returnTo) => {
  const victim = await app.login('alice')
  const query = `?returnTo=${encodeURIComponent(returnTo)}&next=${encodeURIComponent(returnTo)}`
  await victim.page(`/second-factor/${query}`)
  const answer = await victim.post(`/second-factor/verify${query}`, {
    ...{ code: app.codeFor('alice'), returnTo, next: returnTo, redirect: returnTo },
  })
  expect(answer.json['returnTo']).toBe('/account')
})

test('only a page navigation is returned to, never a form or a script’s request', async () => {
  const victim = await app.login('alice')
  await victim.page('/account?tab=2')
  await victim.submit('/logout-everything')
  await victim.get('/api/delete')
  await victim.ask('/transfer', { method: 'PUT', headers: browserLike })
  const answer = await verify(victim, app.codeFor('alice'))
  expect(answer.json['returnTo']).toBe('/account?tab=2')
})

test('a stranger’s link before the login is just as harmless', async () => {
  const victim = app.browser()
  await victim.page('/account')
  for (const target of ['//evil.example', 'https://evil.example/', '/..//evil.example']) {
    const closed = await sendLine(app.url, 'GET', target, {
      ...browserLike,
      cookie: cookieOf(victim),
    })
    expect(closed.headers.get('location')).toEqual(['/login'])
  }
  await victim.submit('/login', { username: 'alice', password: 'password' })
  const answer = await verify(victim, app.codeFor('alice'))
  expect(leadsTo(String(answer.json['returnTo']))).toBe(app.url)
})

test('the link on the page of a passed session stays on this origin', async () => {
  const victim = await passedBrowser(app, 'alice')
  const { text } = await victim.page('/second-factor/?returnTo=//evil.example')
  expect(text).toContain('href="/account"')
  expect(text).not.toContain('evil.example')
})
