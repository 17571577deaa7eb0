/** The return path of a visitor without a login creates no session, and never replaces a session cookie. */

import session from 'express-session'
import { afterEach, expect, test } from 'vitest'

import { startTestApp, type TestApp } from '../support/app.js'

let app: TestApp
const store = new session.MemoryStore()
afterEach(() => app.close())

function sessions(): Promise<number> {
  return new Promise((resolve) => {
    store.length((_error, length) => {
      resolve(length ?? 0)
    })
  })
}

test('200 anonymous page views create no session', async () => {
  app = await startTestApp({ sessionStore: store })
  const before = await sessions()
  for (let view = 0; view < 200; view += 1) {
    const answer = await app.browser().page('/account')
    expect(answer.headers.get('location')).toBe('/login')
  }
  expect(await sessions()).toBe(before)
})

test('a link from another site, which sends no cookie, leaves the login alone', async () => {
  app = await startTestApp({ sessionStore: store })
  const alice = await app.login('alice')
  await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  const answer = await app.browser().page('/account')
  const cookies = answer.headers.getSetCookie()
  expect(cookies.map((cookie) => cookie.split('=')[0])).toEqual(['second-factor-return'])
  expect(cookies[0]).toMatch(/; Max-Age=600; Path=\/; .*HttpOnly; SameSite=Lax/)
  expect((await alice.get('/account')).status).toBe(200)
})

test('the login returns to the page once', async () => {
  app = await startTestApp({ sessionStore: store })
  const alice = app.browser()
  await alice.page('/account?tab=2')
  const login = await alice.post('/login', { username: 'alice', password: 'password' })
  expect(login.headers.getSetCookie().join()).toMatch(/second-factor-return=;.*HttpOnly/)
  const passed = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
  expect(passed.json['returnTo']).toBe('/account?tab=2')
})

test.each(['//evil.example', '/\\evil', 'https://evil.example', '%2F%2Fevil.example', '%E0%A4%A'])(
  'a planted cookie cannot lead elsewhere: %s',
  async (planted) => {
    app = await startTestApp({ sessionStore: store })
    const alice = app.browser()
    const login = await alice.ask('/login', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: `other=1; second-factor-return=${planted}; more=2`,
      },
      body: JSON.stringify({ username: 'alice', password: 'password' }),
    })
    expect(login.status).toBe(200)
    const passed = await alice.post('/second-factor/verify', { code: app.codeFor('alice') })
    expect(passed.json['returnTo']).toBe('/account')
  },
)
